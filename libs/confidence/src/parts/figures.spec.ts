import {
  accuracy,
  aurc,
  brierScore,
  expectedCalibrationError,
  negativeLogLikelihood,
  riskCoverageCurve,
  smoothCalibrationError,
  softmax,
} from '@label-relaxation/metrics';
import type { ScoredModel } from '../scored-model';
import { defaultSettings, predict } from '../scored-model';
import { coveredBy } from './coverage';
import { figuresOf, figuresPart } from './figures';

const logits = Float32Array.from({ length: 300 }, (_, i) => 2 * Math.sin(i * 1.3) + (i % 4 === 0 ? 1.5 : 0));
const labels = Uint8Array.from({ length: 100 }, (_, i) => (2 * i) % 3);
const model: ScoredModel = { name: 'a <model>', logits, labels, classNames: ['a', 'b', 'c'] };
const settings = { ...defaultSettings, temperature: 0.8, bins: 7 };
const probabilities = softmax(logits, 3, 0.8);
const predicted = predict(model, 0.8);

it("figures of a model are those of the library's measures", () => {
  const figures = figuresOf(predicted, settings);
  expect(figures).toMatchObject({
    ece: expectedCalibrationError(probabilities, labels, { bins: 7 }),
    smoothEce: smoothCalibrationError({ probabilities }, labels),
    nll: negativeLogLikelihood({ logits }, labels, { temperature: 0.8 }),
    brier: brierScore(probabilities, labels),
    aurc: aurc({ probabilities }, labels),
  });
  expect(figures.accuracy).toBeCloseTo(accuracy(probabilities, labels), 12);
});

it('figures of two are side by side, the better ones marked, names escaped', () => {
  const html = figuresPart([predicted, predict({ ...model, name: 'hot' }, 9)], settings);
  expect(html).toContain('<th scope="col">a &lt;model&gt;</th><th scope="col">hot</th>');
  // Both are right in the same cases, and neither confidence is better.
  expect(html.match(/<strong>/gu)).toHaveLength(5);
});

it('a coverage has the least confidence and the risk of the curve, and sets that reach it', () => {
  const { confidence, risk, sets } = coveredBy(predicted, { ...settings, coverage: 0.8 });
  const { coverages, confidences, risks } = riskCoverageCurve({ probabilities }, labels);
  const place = coverages.findIndex((coverage) => coverage >= 0.8 - 1e-9);
  expect(confidence).toBe(confidences[place]);
  expect(risk).toBeCloseTo(risks[place]!, 12);
  expect(sets!.sizes).toHaveLength(50);
  expect(sets!.coverage).toBeGreaterThan(0.6);
  const few = { ...model, logits: logits.slice(0, 30), labels: labels.slice(0, 10) };
  expect(coveredBy(predict(few, 1), settings).sets).toBeNull();
});
