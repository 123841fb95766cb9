import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  accuracy,
  brierScore,
  calibrationError,
  classwiseCalibrationError,
  expectedCalibrationError,
  negativeLogLikelihood,
  softmax,
} from '../src';

interface PeerCase {
  name: string;
  classes: number;
  logits: number[];
  labels: number[];
  accuracy: number;
  nll_sklearn: number;
  nll_torch: number;
  nll_torch_at_2_5: number;
  brier_sklearn: number;
  ece_netcal: number;
  ece_torchmetrics: number;
  ece_torchmetrics_at_2_5: number;
  classwise_netcal: number;
  positive_netcal: number;
  positive_torchmetrics: number | null;
  equal_mass_sklearn: number;
  probabilities_first_row_at_2_5: number[];
}

interface Peers {
  cases: PeerCase[];
  edges: {
    type: 'float64' | 'float32';
    k: number;
    edge: number;
    below: number;
    bin: number;
    bin_below: number;
    floor_divide_bin: number;
  }[];
  pairs: { k: number; confidence: number[]; correct: number[]; netcal: number; torchmetrics: number }[];
}

const { cases, edges, pairs } = JSON.parse(
  readFileSync(join(__dirname, '../../../tools/fixtures/metrics/peers.json'), 'utf8'),
) as Peers;

describe.each(cases)('the Python libraries agree on $name', (peer) => {
  const { logits, labels, classes } = peer;
  const probabilities = softmax(logits, classes);

  it('accuracy: scikit-learn', () => {
    expect(accuracy(probabilities, labels)).toBeCloseTo(peer.accuracy, 14);
    expect(accuracy(logits, labels)).toBe(accuracy(probabilities, labels));
  });

  it('softmax with temperature: SciPy', () => {
    peer.probabilities_first_row_at_2_5.forEach((value, k) => {
      expect(softmax(logits, classes, 2.5)[k]).toBeCloseTo(value, 14);
    });
  });

  it('negative log-likelihood: scikit-learn, PyTorch', () => {
    expect(negativeLogLikelihood(logits, labels)).toBeCloseTo(peer.nll_sklearn, 12);
    expect(negativeLogLikelihood(logits, labels)).toBeCloseTo(peer.nll_torch, 12);
    expect(negativeLogLikelihood({ logits }, labels, { temperature: 2.5 })).toBeCloseTo(
      peer.nll_torch_at_2_5,
      12,
    );
  });

  it('Brier score: scikit-learn (scale_by_half=False)', () => {
    expect(brierScore(probabilities, labels)).toBeCloseTo(peer.brier_sklearn, 12);
  });

  it('expected calibration error: netcal, and torchmetrics to its float32', () => {
    expect(expectedCalibrationError(probabilities, labels)).toBeCloseTo(peer.ece_netcal, 12);
    expect(expectedCalibrationError(probabilities, labels)).toBeCloseTo(peer.ece_torchmetrics, 6);
    expect(expectedCalibrationError(softmax(logits, classes, 2.5), labels)).toBeCloseTo(
      peer.ece_torchmetrics_at_2_5,
      6,
    );
  });

  it('class-wise and positive-class calibration error: netcal, torchmetrics', () => {
    expect(classwiseCalibrationError(probabilities, labels)).toBeCloseTo(peer.classwise_netcal, 12);
    const positive = Float64Array.from(labels, (_, row) => probabilities[row * classes + 1] as number);
    const outcomes = labels.map((label) => label === 1);
    expect(calibrationError(positive, outcomes)).toBeCloseTo(peer.positive_netcal, 12);
    if (peer.positive_torchmetrics !== null) {
      expect(calibrationError(positive, outcomes)).toBeCloseTo(peer.positive_torchmetrics, 6);
    }
  });

  it('equal-mass calibration error: scikit-learn (quantile strategy)', () => {
    expect(expectedCalibrationError(probabilities, labels, { binning: 'equal_mass' })).toBeCloseTo(
      peer.equal_mass_sklearn,
      12,
    );
  });
});

/** The bin that holds a single confidence, found by where its neighbours' mass must go to cancel its error. */
function binOf(confidence: number, type: 'float64' | 'float32'): number {
  const bins = Array.from({ length: 15 }, (_, k) => {
    // A wrong prediction in the middle of bin k changes the error only of its own bin: together they cancel in part.
    const values = [confidence, (k + 0.5) / 15];
    const together = calibrationError(type === 'float32' ? Float32Array.from(values) : values, [1, 0]);
    return (Math.abs(values[0]! - 1) + values[1]!) / 2 - together;
  });
  return bins.findIndex((saved) => saved > 1e-6);
}

describe('bins in float32 and float64', () => {
  it.each(edges.filter(({ k }) => k < 15))(
    'the edge $k/15 in $type',
    ({ type, edge, below, bin, bin_below }) => {
      expect(binOf(edge, type)).toBe(bin);
      expect(binOf(below, type)).toBe(bin_below);
    },
  );

  it('the original code put some of these edges one bin too low', () => {
    const moved = edges.filter((edge) => edge.k < 15 && edge.floor_divide_bin !== edge.bin);
    expect(moved.map(({ type, k }) => `${type} ${k}`)).toEqual(
      expect.arrayContaining(['float64 5', 'float64 9', 'float64 10', 'float64 11']),
    );
  });

  it.each(pairs)('an edge at $k/15 shares its bin with what lies right of it: netcal', (pair) => {
    expect(calibrationError(pair.confidence, pair.correct)).toBeCloseTo(pair.netcal, 12);
  });

  it('torchmetrics, with float32 edges and float64 values, puts 11/15 one bin lower, knowingly unlike us', () => {
    const different = pairs.filter((pair) => Math.abs(pair.netcal - pair.torchmetrics) > 1e-6);
    expect(different.map(({ k }) => k)).toEqual([11]);
  });
});
