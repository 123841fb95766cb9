import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bcaInterval, percentileInterval } from '../src/bootstrap/interval';
import { normalQuantile, normalTail } from '../src/numerics/normal';
import { largestSizeTail, rangeTail } from '../src/significance/brownian';
import type { LabelledPredictions, Predictions } from '../src';
import {
  accuracy,
  adaptiveCalibrationError,
  augrc,
  aurc,
  brierDecomposition,
  brierScore,
  classwiseCalibrationError,
  coverageAtRisk,
  debiasedCalibrationError,
  eAurc,
  expectedCalibrationError,
  kolmogorovSmirnovError,
  kolmogorovSmirnovTest,
  kuiperError,
  maximumCalibrationError,
  negativeLogLikelihood,
  overconfidence,
  refinement,
  riskAtCoverage,
  riskCoverageCurve,
  rootMeanSquareCalibrationError,
  smoothCalibrationError,
  softmax,
  spiegelhalterTest,
  underconfidence,
} from '../src';

interface Case {
  name: string;
  kind: 'float64' | 'float32';
  classes: number;
  bins: number;
  logits?: number[];
  probabilities?: number[];
  labels: number[];
  ece_netcal: number;
  mce_netcal: number;
  ece_torchmetrics: number;
  rms_torchmetrics: number;
  mce_torchmetrics: number;
  over_sklearn: number;
  under_sklearn: number;
  classwise_netcal: number;
  nll_sklearn: number | null;
  brier_sklearn: number;
  smooth: number | null;
  smooth_at_0_05: number;
  smooth_relplot: number;
  smooth_relplot_at_0_05: number;
  ks_probmetrics: number;
  kuiper_probmetrics: number;
  tests: Record<'spiegelhalter' | 'spiegelhalter_greater' | 'ks' | 'ks_p' | 'ks_error', number> | null;
  selective:
    | ({ risks: number[] } & Record<
        'mean_risk' | 'mean_errors' | 'best_mean_risk' | 'aurc' | 'augrc' | 'risk_at_80' | 'risk_at_30',
        number
      > &
        Record<'coverage_at_5' | 'coverage_at_20', number | null>)
    | null;
  equal_mass:
    | ({ debiased_columns: number[] } & Record<
        'ece' | 'debiased' | 'debiased_equal_width' | 'ace_netcal' | 'tace_netcal' | 'tace_threshold',
        number
      >)
    | null;
  distinct: boolean;
}

interface Fixture {
  cases: Case[];
  refinement: { classes: number; logits: number[]; labels: number[]; folds: number[] } & Record<
    | 'calib-err_logloss_prior'
    | 'calib-err_brier_prior'
    | 'refinement_logloss_prior'
    | 'refinement_brier_prior',
    number
  >;
  soft: { logits: number[]; distributions: number[]; nll: number; brier: number };
  weighted: {
    logits: number[];
    labels: number[];
    weights: number[];
    accuracy: number;
    nll: number;
    brier: number;
  };
  intervals: {
    name: string;
    distribution: number[];
    estimate: number;
    left_out: number[];
    bca: [number, number];
    percentile: [number, number];
  }[];
  brownian: Record<'x' | 'largest_size' | 'range' | 'z' | 'tail' | 'chances' | 'quantiles', number[]>;
}

const fixture = JSON.parse(
  readFileSync(join(__dirname, '../../../tools/fixtures/metrics/measures.json'), 'utf8'),
) as Fixture;

function predictionsOf({ kind, logits, probabilities }: Case): Predictions {
  if (logits !== undefined) return { logits };
  return { probabilities: kind === 'float32' ? Float32Array.from(probabilities!) : probabilities! };
}

describe.each(fixture.cases)('the Python libraries agree on $name', (peer) => {
  const { labels, bins, classes } = peer;
  const predictions = predictionsOf(peer);
  // Means in float32 have seven digits.
  const digits = peer.kind === 'float32' ? 6 : 12;

  it('binned errors: netcal, and torchmetrics but for confidences of exactly 1', () => {
    expect(expectedCalibrationError(predictions, labels, { bins })).toBeCloseTo(peer.ece_netcal, digits);
    expect(maximumCalibrationError(predictions, labels, { bins })).toBeCloseTo(peer.mce_netcal, digits);
    expect(classwiseCalibrationError(predictions, labels, { bins })).toBeCloseTo(
      peer.classwise_netcal,
      digits,
    );
    if (peer.mce_torchmetrics - peer.mce_netcal > 1e-6) return;
    expect(expectedCalibrationError(predictions, labels, { bins })).toBeCloseTo(peer.ece_torchmetrics, 6);
    expect(rootMeanSquareCalibrationError(predictions, labels, { bins })).toBeCloseTo(
      peer.rms_torchmetrics,
      6,
    );
  });

  it('over- and underconfidence: scikit-learn', () => {
    expect(overconfidence(predictions, labels, { bins })).toBeCloseTo(peer.over_sklearn, digits);
    expect(underconfidence(predictions, labels, { bins })).toBeCloseTo(peer.under_sklearn, digits);
  });

  it('proper scores: scikit-learn', () => {
    expect(brierScore(predictions, labels)).toBeCloseTo(peer.brier_sklearn, digits);
    expect(brierDecomposition(predictions, labels).brier).toBeCloseTo(peer.brier_sklearn, digits);
    if (peer.nll_sklearn !== null) {
      expect(negativeLogLikelihood(predictions, labels)).toBeCloseTo(peer.nll_sklearn, digits);
    }
  });

  it('the smooth error: the integral by SciPy', () => {
    expect(smoothCalibrationError(predictions, labels, { bandwidth: 0.05 })).toBeCloseTo(
      peer.smooth_at_0_05,
      5,
    );
    if (peer.smooth !== null) {
      expect(smoothCalibrationError(predictions, labels)).toBeCloseTo(peer.smooth, 5);
    }
  });

  it('cumulated errors: probmetrics, in float32, and MAPIE, who jitters', () => {
    if (!peer.distinct) return;
    expect(kolmogorovSmirnovError(predictions, labels)).toBeCloseTo(peer.ks_probmetrics, 6);
    expect(kuiperError(predictions, labels)).toBeCloseTo(peer.kuiper_probmetrics, 6);
    expect(kolmogorovSmirnovError(predictions, labels)).toBeCloseTo(peer.tests!.ks_error, 6);
  });

  it('tests: MAPIE', () => {
    if (peer.tests === null || peer.name === 'extreme logits') return;
    const { statistic, pValue } = spiegelhalterTest(predictions, labels);
    expect(statistic).toBeCloseTo(peer.tests.spiegelhalter, 5);
    const greater = peer.tests.spiegelhalter_greater;
    expect(pValue).toBeCloseTo(2 * Math.min(greater, 1 - greater), 5);
    if (!peer.distinct) return;
    const ks = kolmogorovSmirnovTest(predictions, labels);
    expect(ks.statistic).toBeCloseTo(peer.tests.ks, 5);
    expect(ks.pValue).toBeCloseTo(peer.tests.ks_p, 5);
  });

  it('selection: torch-uncertainty', () => {
    if (peer.selective === null || !peer.distinct) return;
    const { risks, ...theirs } = peer.selective;
    expect(riskCoverageCurve(predictions, labels).risks).toHaveLength(risks.length);
    riskCoverageCurve(predictions, labels).risks.forEach((risk, i) =>
      expect(risk).toBeCloseTo(risks[i]!, digits),
    );
    const ours = { area: aurc(predictions, labels), errors: augrc(predictions, labels) };
    expect(ours.area).toBeCloseTo(theirs.mean_risk, digits);
    expect(ours.errors).toBeCloseTo(theirs.mean_errors, digits);
    expect(eAurc(predictions, labels)).toBeCloseTo(theirs.mean_risk - theirs.best_mean_risk, digits);
    // Their trapezium rule counts the first and the last of the n points by half.
    const n = risks.length;
    const trapezium = (mean: number, ends: number): number => (n * mean - ends / 2) / (n - 1);
    const last = risks[n - 1]!;
    expect(trapezium(ours.area, risks[0]! + last)).toBeCloseTo(theirs.aurc, 6);
    expect(trapezium(ours.errors, risks[0]! / n + last)).toBeCloseTo(theirs.augrc, 6);
    expect(riskAtCoverage(predictions, labels)).toBeCloseTo(theirs.risk_at_80, 6);
    expect(riskAtCoverage(predictions, labels, { coverage: 0.3 })).toBeCloseTo(theirs.risk_at_30, 6);
    expect(coverageAtRisk(predictions, labels)).toBeCloseTo(theirs.coverage_at_5 ?? 0, 6);
    expect(coverageAtRisk(predictions, labels, { risk: 0.2 })).toBeCloseTo(theirs.coverage_at_20 ?? 0, 6);
  });

  it('equal mass: uncertainty-calibration, netcal', () => {
    if (peer.equal_mass === null || !peer.distinct) return;
    const theirs = peer.equal_mass;
    const mass = { bins, binning: 'equal_mass' } as const;
    expect(expectedCalibrationError(predictions, labels, mass)).toBeCloseTo(theirs.ece, 12);
    expect(debiasedCalibrationError(predictions, labels, { bins })).toBeCloseTo(theirs.debiased, 12);
    const width = { bins, binning: 'equal_width' } as const;
    expect(debiasedCalibrationError(predictions, labels, width)).toBeCloseTo(theirs.debiased_equal_width, 12);
    theirs.debiased_columns.forEach((value, k) => {
      expect(debiasedCalibrationError(predictions, labels, { bins, of: k })).toBeCloseTo(value, 10);
    });
    expect(classes).toBe(theirs.debiased_columns.length);
    expect(adaptiveCalibrationError(predictions, labels, { bins })).toBeCloseTo(theirs.ace_netcal, 10);
    const threshold = theirs.tace_threshold;
    const above = adaptiveCalibrationError(predictions, labels, { bins, threshold, of: 0 });
    expect(above).toBeCloseTo(theirs.tace_netcal, 10);
  });
});

describe('where peers go wrong', () => {
  const named = (name: string): Case => fixture.cases.find((peer) => peer.name === name)!;

  it('torchmetrics puts confidences of exactly 1 into a bin of their own', () => {
    const ties = named('ties');
    expect(maximumCalibrationError(predictionsOf(ties), ties.labels)).toBeCloseTo(ties.mce_netcal, 12);
    expect(ties.mce_torchmetrics).toBeGreaterThan(ties.mce_netcal + 0.1);
  });

  it("relplot's sum is off most where confidences are near 0 and 1, and above the mean of |c - correct|", () => {
    const sure = named('exact 0 and 1');
    expect(sure.smooth_relplot_at_0_05 - sure.smooth_at_0_05).toBeGreaterThan(0.005);
    const tied = named('ties');
    expect(tied.smooth_relplot).toBeLessThan(tied.smooth! - 0.01);
    expect(smoothCalibrationError(predictionsOf(tied), tied.labels)).toBeCloseTo(tied.smooth!, 5);
  });
});

it('soft labels: probmetrics', () => {
  const { logits, distributions, nll, brier } = fixture.soft;
  const labels = { distributions, classes: 4 };
  expect(negativeLogLikelihood({ logits }, labels)).toBeCloseTo(nll, 12);
  expect(negativeLogLikelihood({ probabilities: softmax(logits, 4) }, labels)).toBeCloseTo(nll, 12);
  expect(brierScore({ logits }, labels)).toBeCloseTo(brier, 12);
});

it('weights: scikit-learn', () => {
  const { logits, labels, weights, ...theirs } = fixture.weighted;
  expect(accuracy({ logits }, labels, { weights })).toBeCloseTo(theirs.accuracy, 12);
  expect(negativeLogLikelihood({ logits }, labels, { weights })).toBeCloseTo(theirs.nll, 12);
  expect(brierScore({ logits }, labels, { weights })).toBeCloseTo(theirs.brier, 12);
});

it('refinement: probmetrics, on its folds and with a recalibration of our own', () => {
  const { classes, logits, labels, folds, ...theirs } = fixture.refinement;
  const recalibrate = (examples: LabelledPredictions) => {
    const shares = new Float64Array(classes);
    for (const label of Array.from(examples.labels)) shares[label]! += 1 / examples.labels.length;
    return (predictions: Predictions) =>
      softmax((predictions as { logits: Float64Array }).logits, classes).map(
        (p, i) => (p + shares[i % classes]!) / 2,
      );
  };
  const { nll, brier } = refinement({ logits }, labels, { recalibrate, folds });
  expect(nll.refinement).toBeCloseTo(theirs.refinement_logloss_prior, 12);
  expect(nll.calibration).toBeCloseTo(theirs['calib-err_logloss_prior'], 12);
  expect(brier.refinement).toBeCloseTo(theirs.refinement_brier_prior, 12);
  expect(brier.calibration).toBeCloseTo(theirs['calib-err_brier_prior'], 12);
});

it.each(fixture.intervals)(
  'intervals of a $name: SciPy',
  ({ distribution, estimate, left_out, bca, percentile }) => {
    const values = Float64Array.from(distribution);
    const ours = bcaInterval(values, estimate, Float64Array.from(left_out), 0.95);
    ours.forEach((end, i) => expect(end).toBeCloseTo(bca[i]!, 12));
    percentileInterval(values, 0.95).forEach((end, i) => expect(end).toBeCloseTo(percentile[i]!, 12));
  },
);

it('chances: SciPy, MAPIE', () => {
  const { x, largest_size, range, z, tail, chances, quantiles } = fixture.brownian;
  x.forEach((value, i) => {
    expect(largestSizeTail(value)).toBeCloseTo(largest_size[i]!, 12);
    expect(rangeTail(value)).toBeCloseTo(range[i]!, 12);
  });
  z.forEach((value, i) => expect(normalTail(value) / tail[i]!).toBeCloseTo(1, 12));
  chances.forEach((chance, i) => expect(normalQuantile(chance)).toBeCloseTo(quantiles[i]!, 10));
});
