import {
  accuracy,
  brierScore,
  calibrationError,
  classwiseCalibrationError,
  expectedCalibrationError,
  MetricsError,
  negativeLogLikelihood,
  reliabilityDiagram,
  softmax,
} from '../src';
import { permuted, randomNumbers, randomPredictions } from './random';

const equalMass = { binning: 'equal_mass' } as const;
const onProbabilities = {
  accuracy,
  brierScore,
  classwiseCalibrationError,
  expectedCalibrationError,
  'equal-mass calibration error': (p: Float64Array, y: Uint8Array) =>
    expectedCalibrationError(p, y, equalMass),
};
const onLogits = {
  negativeLogLikelihood: (z: Float64Array, y: Uint8Array) => negativeLogLikelihood(z, y),
};

describe.each(
  Array.from({ length: 12 }, (_, seed) => ({ seed, classes: 2 + (seed % 5) * 3, examples: 1 + seed * 17 })),
)('random predictions: seed $seed, $classes classes, $examples examples', ({ seed, classes, examples }) => {
  const { logits, labels } = randomPredictions(seed, examples, classes, 1 + seed / 4);
  const other = permuted(seed + 100, logits, labels);
  const probabilities = softmax(logits, classes);

  it.each(Object.entries(onProbabilities))(
    '%s does not depend on the order, and is in range',
    (_, metric) => {
      const value = metric(probabilities, labels);
      expect(metric(softmax(other.logits, classes), other.labels)).toBeCloseTo(value, 13);
      expect(value).toBeGreaterThanOrEqual(0);
      expect(value).toBeLessThanOrEqual(metric === brierScore ? 2 : 1);
    },
  );

  it.each(Object.entries(onLogits))('%s does not depend on the order', (_, metric) => {
    expect(metric(other.logits, other.labels)).toBeCloseTo(metric(logits, labels), 10);
  });

  it('the diagram adds up to what the metrics say', () => {
    const diagram = reliabilityDiagram(probabilities, labels);
    expect(diagram.bins).toHaveLength(15);
    expect(diagram.bins.reduce((sum, bin) => sum + bin.count, 0)).toBe(examples);
    expect(diagram.ece).toBe(expectedCalibrationError(probabilities, labels));
    expect(diagram.accuracy).toBe(accuracy(probabilities, labels));
    const mean = diagram.bins.reduce((sum, bin) => sum + bin.count * (bin.confidence ?? 0), 0) / examples;
    expect(diagram.confidence).toBeCloseTo(mean, 12);
    for (const { lower, upper, confidence } of diagram.bins) {
      if (confidence === null) continue;
      expect(confidence).toBeGreaterThanOrEqual(lower);
      expect(confidence).toBeLessThanOrEqual(upper);
    }
  });

  it('one bin makes the error the distance of mean confidence and accuracy, which more bins never undercut', () => {
    const { accuracy: right, confidence } = reliabilityDiagram(probabilities, labels);
    const single = expectedCalibrationError(probabilities, labels, { bins: 1 });
    expect(single).toBeCloseTo(Math.abs(right - confidence), 13);
    expect(expectedCalibrationError(probabilities, labels)).toBeGreaterThanOrEqual(single - 1e-13);
    expect(expectedCalibrationError(probabilities, labels, equalMass)).toBeGreaterThanOrEqual(single - 1e-13);
  });

  it('float32 probabilities give the same to float32', () => {
    const single = Float32Array.from(probabilities);
    expect(brierScore(single, labels)).toBeCloseTo(brierScore(probabilities, labels), 6);
    expect(expectedCalibrationError(single, labels)).toBeCloseTo(
      expectedCalibrationError(probabilities, labels),
      6,
    );
  });
});

it('equal quantiles of any size make one bin: the error is |confidence - accuracy|', () => {
  const random = randomNumbers(7);
  for (let examples = 1; examples <= 40; examples++) {
    const confidence = random();
    const outcomes = Array.from({ length: examples }, () => (random() < 0.5 ? 1 : 0));
    const mean = outcomes.reduce<number>((sum, outcome) => sum + outcome, 0) / examples;
    const confidences = new Array<number>(examples).fill(confidence);
    expect(calibrationError(confidences, outcomes, equalMass)).toBeCloseTo(Math.abs(confidence - mean), 12);
    expect(calibrationError(confidences, outcomes)).toBeCloseTo(Math.abs(confidence - mean), 12);
  }
});

it('a single example: its distance from certainty', () => {
  expect(expectedCalibrationError([0.7, 0.3], [0])).toBeCloseTo(0.3, 15);
  expect(expectedCalibrationError([0.7, 0.3], [1])).toBeCloseTo(0.7, 15);
  expect(expectedCalibrationError([0.7, 0.3], [0], equalMass)).toBeCloseTo(0.3, 15);
  expect(accuracy([0.7, 0.3], [0])).toBe(1);
});

type Metric = (values: number[], labels: number[]) => unknown;
const all: [string, Metric][] = [
  ...Object.entries(onProbabilities).map(([name, metric]): [string, Metric] => [
    name,
    metric as unknown as Metric,
  ]),
  ...Object.entries(onLogits).map(([name, metric]): [string, Metric] => [name, metric as unknown as Metric]),
  ['reliabilityDiagram', (values, labels) => reliabilityDiagram(values, labels)],
];

describe.each(all)('%s refuses', (_, metric) => {
  it.each<[string, number[], number[], RegExp]>([
    ['no examples', [], [], /labels are empty/],
    ['no values', [], [0], /have 0 values for 1 labels/],
    ['NaN', [0.5, NaN], [0], /\[1\] is NaN: every value must be a finite number/],
    ['infinity', [Infinity, 0], [0], /\[0\] is Infinity/],
    ['minus infinity', [0, -Infinity], [0], /\[1\] is -Infinity/],
    ['more labels than rows', [0.5, 0.5, 0.5, 0.5], [0, 1, 0], /have 4 values for 3 labels/],
    ['a single class', [1, 1], [0, 0], /at least 2 classes/],
    ['a label too large', [0.5, 0.5], [2], /labels\[0\] is 2: expected a whole number from 0 to 1/],
    ['a negative label', [0.5, 0.5], [-1], /labels\[0\] is -1/],
    ['a label that is not whole', [0.5, 0.5], [0.5], /labels\[0\] is 0.5/],
    ['a label that is no number', [0.5, 0.5], [NaN], /labels\[0\] is NaN/],
  ])('%s', (_, values, labels, message) => {
    expect(() => metric(values, labels)).toThrow(MetricsError);
    expect(() => metric(values, labels)).toThrow(message);
  });
});

describe('calibrationError refuses', () => {
  it.each<[string, number[], (number | boolean)[], RegExp]>([
    ['no examples', [], [], /confidences are empty/],
    ['mismatched lengths', [0.5, 0.5], [1], /2 confidences but 1 outcomes/],
    ['NaN', [NaN], [1], /confidences\[0\] is NaN/],
    ['a confidence above 1', [1.2], [1], /confidences\[0\] is 1.2: expected a probability in \[0, 1\]/],
    ['a negative confidence', [-0.1], [1], /confidences\[0\] is -0.1/],
    ['an outcome that is neither', [0.5], [2], /outcomes\[0\] is 2: expected 0 or 1/],
  ])('%s', (_, confidences, outcomes, message) => {
    expect(() => calibrationError(confidences, outcomes)).toThrow(MetricsError);
    expect(() => calibrationError(confidences, outcomes)).toThrow(message);
  });

  it.each([0, -1, 1.5, NaN, Infinity])('%d bins', (bins) => {
    expect(() => calibrationError([0.5], [1], { bins })).toThrow(`bins is ${bins}: expected a whole number`);
  });

  it('an unknown way of binning', () => {
    expect(() => calibrationError([0.5], [1], { binning: 'quantile' as never })).toThrow(
      'binning is quantile: expected equal_width or equal_mass',
    );
  });
});
