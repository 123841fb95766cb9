import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LabelledPredictions, Predictions } from '@label-relaxation/metrics';
import { softmax } from '@label-relaxation/metrics';
import type { CalibrationMethod } from '../src';
import { fitCalibrator, fitTemperature, transform } from '../src';

interface PeerCase {
  name: string;
  classes: number;
  logits: number[];
  labels: number[];
  test_logits: number[];
  temperature_torch: number;
  temperature_probmetrics: number;
  expected: Record<CalibrationMethod, Record<string, number[]>>;
}

const { cases } = JSON.parse(
  readFileSync(join(__dirname, '../../../tools/fixtures/calibration/methods.json'), 'utf8'),
) as { cases: PeerCase[] };

/** How near a peer's probabilities are: as near as its own search for the minimum, or its float32, lets it be. */
const digits: Record<string, number> = {
  'scikit-learn temperature': 6,
  'scipy, from logits svector': 6,
  'scipy, from logits smatrix': 6,
  'scipy vector': 5,
  'probmetrics svector': 3,
  'probmetrics smatrix': 3,
  'dirichletcal dirichlet': 5,
  'scikit-learn platt': 5,
  'betacal beta': 2,
  'scikit-learn isotonic': 8,
  'netcal isotonic': 8,
  'netcal histogram': 8,
  'venn-abers venn_abers': 8,
};

/** What a method of ours gives for the test rows of a case. */
function ours(method: CalibrationMethod, peer: string, given: PeerCase): Float64Array {
  const { logits, test_logits, labels, classes } = given;
  const fromLogits = method === 'temperature' || method === 'vector' || peer.endsWith('from logits');
  const examples: LabelledPredictions = fromLogits
    ? { logits, labels }
    : { probabilities: softmax(logits, classes), labels };
  const test: Predictions = fromLogits
    ? { logits: test_logits }
    : { probabilities: softmax(test_logits, classes) };
  if (method === 'dirichlet')
    return transform(fitCalibrator(method, examples, { lambda: 0.5, mu: 0.2 }), test);
  return transform(fitCalibrator(method, examples), test);
}

describe.each(cases)('the Python libraries agree on $name', (given) => {
  it('temperature: PyTorch (L-BFGS in float64), probmetrics (bisection)', () => {
    const { logits, labels, temperature_torch, temperature_probmetrics } = given;
    expect(fitTemperature({ logits, labels })).toBeCloseTo(temperature_torch, 8);
    expect(fitTemperature({ logits, labels })).toBeCloseTo(temperature_probmetrics, 5);
  });

  const pairs = Object.entries(given.expected).flatMap(([method, peers]) =>
    Object.entries(peers).map(([peer, expected]) => ({
      method: method as CalibrationMethod,
      peer,
      expected,
    })),
  );

  it.each(pairs)('$method: $peer', ({ method, peer, expected }) => {
    const found = ours(method, peer, given);
    expect(found).toHaveLength(expected.length);
    found.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, digits[`${peer} ${method}`]));
  });
});
