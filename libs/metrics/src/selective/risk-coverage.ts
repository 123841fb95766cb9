import { singleEvent } from '../events/events';
import { sortEvents } from '../events/sorted-events';
import { checkShare } from '../inputs/check';
import type { EventPredictions, Predictions, Targets } from '../inputs/types';
import type { SelectiveOptions } from './selection';
import { defineSelective, selectByConfidence, totalWeight } from './selection';

/** Differences below it are rounding: 0.07 times 100 examples are 7, though 7.000000000000001 is what is computed. */
const tolerance = 1e-9;

/** Risk against coverage, a point for each confidence that occurs, from the highest to the lowest. */
export interface RiskCoverageCurve {
  /** Share of the examples that are selected: those of at least this confidence. */
  readonly coverages: readonly number[];
  /** Error rate among them. */
  readonly risks: readonly number[];
  readonly confidences: readonly number[];
}

/**
 * The risk-coverage curve (El-Yaniv and Wiener 2010): for each confidence, how many examples have at least that one and how many of
 * them are wrong.
 *
 * @throws MetricsError on empty or mismatched input, rows that are no distribution, labels out of range
 */
export function riskCoverageCurve(
  predictions: Predictions | EventPredictions,
  targets: Targets,
  options: SelectiveOptions = {},
): RiskCoverageCurve {
  const events = singleEvent(predictions, targets, options);
  const sorted = sortEvents(events, 'descending');
  const counts = new Uint8Array(events.size).fill(1);
  const total = totalWeight(sorted, counts);
  const curve = { coverages: [] as number[], risks: [] as number[], confidences: [] as number[] };
  selectByConfidence(sorted, counts, ({ selected, errors, weight, ownErrors, confidence }) => {
    curve.coverages.push((selected + weight) / total);
    curve.risks.push((errors + ownErrors) / (selected + weight));
    curve.confidences.push(confidence);
  });
  return curve;
}

/** Options of `riskAtCoverage`. */
export interface RiskAtCoverageOptions extends SelectiveOptions {
  /** Share of the examples that must be decided, above 0 up to 1. */
  readonly coverage?: number;
}

/**
 * Risk at a coverage: the error rate among the most confident examples, as many as make up at least that share of all. Where only a
 * part of a tie is needed, its errors count by that part. `coverage` is 0.8 unless given, as torch-uncertainty's RiskAt80Cov, who
 * takes ties as they come.
 */
export const riskAtCoverage = defineSelective<RiskAtCoverageOptions>('riskAtCoverage', (sorted, options) => {
  const coverage = checkShare(options.coverage ?? 0.8, 'coverage');
  return (counts) => {
    const wanted = coverage * totalWeight(sorted, counts);
    let risk = NaN;
    selectByConfidence(sorted, counts, ({ selected, errors, weight, ownErrors, examples }) => {
      if (!Number.isNaN(risk)) return;
      const step = weight / examples;
      const needed = Math.max(selected === 0 ? 1 : 0, Math.ceil((wanted - selected) / step - tolerance));
      if (needed > examples) return;
      risk = (errors + (needed / examples) * ownErrors) / (selected + needed * step);
    });
    return risk;
  };
});

/** Options of `coverageAtRisk`. */
export interface CoverageAtRiskOptions extends SelectiveOptions {
  /** Error rate that is allowed, from 0 to 1. */
  readonly risk?: number;
}

/**
 * Coverage at a risk: the largest share of the examples, from the most confident on, whose error rate is at most that risk; 0 where
 * even the first is above it. A part of a tie may be selected, with that part of its errors. `risk` is 0.05 unless given, as
 * torch-uncertainty's CovAt5Risk, who takes ties as they come and gives NaN in place of 0.
 */
export const coverageAtRisk = defineSelective<CoverageAtRiskOptions>('coverageAtRisk', (sorted, options) => {
  const risk = checkShare(options.risk ?? 0.05, 'risk');
  return (counts) => {
    let reached = 0;
    let total = 0;
    selectByConfidence(sorted, counts, ({ selected, errors, weight, ownErrors, examples }) => {
      total = selected + weight;
      for (let k = examples; k > 0; k--) {
        const covered = selected + (k / examples) * weight;
        if (errors + (k / examples) * ownErrors > risk * covered + tolerance) continue;
        reached = covered;
        break;
      }
    });
    return reached / total;
  };
});
