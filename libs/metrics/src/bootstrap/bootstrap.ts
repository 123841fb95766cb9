import { MetricsError } from '../errors';
import { checkWhole } from '../inputs/check';
import type { Targets } from '../inputs/types';
import type { AnyPredictions, Measure, Sample } from '../measure/measure';
import { bcaInterval, percentileInterval } from './interval';
import type { BootstrapTask } from './task';
import { estimateOf, mostLeftOut, valuesOf } from './task';

/** Options of bootstrapping; the measure's own stand beside them. */
export interface BootstrapOptions {
  /** Number of resamples; 1,000 unless given. */
  readonly draws?: number;
  /** Whole number that the resamples follow from; 0 unless given. */
  readonly seed?: number;
  /** Share of intervals that hold the true value; 0.95 unless given. */
  readonly level?: number;
  /** `bca` (bias-corrected and accelerated) unless given. */
  readonly interval?: 'bca' | 'percentile';
}

/** A measure with its uncertainty. */
export interface BootstrapResult {
  /** The measure on the examples themselves. */
  readonly estimate: number;
  readonly lower: number;
  readonly upper: number;
  /** Standard deviation of the bootstrapped values. */
  readonly standardError: number;
  /** The measure on each resample. */
  readonly values: Float64Array;
}

/** A bootstrap that is ready to be computed, here or in threads. */
export interface BootstrapPlan {
  readonly task: BootstrapTask;
  /** Puts the result together from all values of the task. */
  readonly conclude: (values: Float64Array) => BootstrapResult;
}

/** What a part holds, in arrays of their own: whoever read it may write over it. */
function copyOf(part: Sample): Sample {
  const entries = Object.entries(part).map(([name, value]) => [
    name,
    ArrayBuffer.isView(value) ? (value as Float64Array).slice() : (value as unknown),
  ]);
  return Object.fromEntries(entries) as Sample;
}

function checkOptions({
  draws = 1000,
  seed = 0,
  level = 0.95,
  interval = 'bca',
}: BootstrapOptions): Required<BootstrapOptions> {
  checkWhole(draws, 'draws', 2);
  if (!Number.isInteger(seed)) throw new MetricsError(`seed is ${seed}: expected a whole number`);
  if (!(level > 0 && level < 1)) {
    throw new MetricsError(`level is ${level}: expected a number between 0 and 1`);
  }
  if (interval !== 'bca' && interval !== 'percentile') {
    throw new MetricsError(`interval is ${String(interval)}: expected bca or percentile`);
  }
  return { draws, seed, level, interval };
}

/** Reads what is to be bootstrapped, and checks the options. */
export function planBootstrap<O extends object>(
  measure: Measure<O>,
  models: readonly AnyPredictions[],
  targets: Targets,
  options: O & BootstrapOptions,
): BootstrapPlan {
  const { draws, seed, level, interval } = checkOptions(options);
  const { name, reduce } = measure.definition;
  const read = models.map((predictions) => Array.from(reduce(predictions, targets, options), copyOf));
  const size = (read[0]?.[0] as Sample).size;
  if (size < 2) throw new MetricsError('a bootstrap needs at least two examples');
  const leftOut = interval === 'bca' ? Math.min(size, mostLeftOut) : 0;
  // The samples have the weights.
  const own = { ...options, weights: undefined };
  const task = { measure: name, options: own, models: read, size, seed, draws, leftOut };
  const estimate = estimateOf(task);
  return {
    task,
    conclude: (all) => {
      const values = all.slice(0, draws);
      const [lower, upper] =
        interval === 'bca'
          ? bcaInterval(values, estimate, all.subarray(draws), level)
          : percentileInterval(values, level);
      const mean = values.reduce((sum, value) => sum + value, 0) / draws;
      const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
      return { estimate, lower, upper, standardError: Math.sqrt(squares / (draws - 1)), values };
    },
  };
}

function compute({ task, conclude }: BootstrapPlan): BootstrapResult {
  return conclude(valuesOf(task, 0, task.draws + task.leftOut));
}

/**
 * Bootstrap interval of a measure (Efron 1979; BCa: Efron 1987): the measure is computed anew on examples drawn with replacement, as
 * often as `draws` says. The acceleration comes from leaving out one example, or of more than 500 examples one of 500 groups,
 * after the other.
 *
 * The same seed gives the same result, whatever the machine; in threads of Node.js see `@label-relaxation/metrics/threads`.
 *
 * @param measure any measure of this library, whose own options stand beside those of the bootstrap
 * @throws MetricsError where the measure does, on fewer than two examples, on options that make no sense
 */
export function bootstrap<O extends object>(
  measure: Measure<O>,
  predictions: AnyPredictions,
  targets: Targets,
  options: O & BootstrapOptions = {} as O & BootstrapOptions,
): BootstrapResult {
  return compute(planBootstrap(measure, [predictions], targets, options));
}

/**
 * Bootstrap interval of the difference of a measure between two models, the first less the second, on the same examples: each
 * resample is the same for both, so that what is hard for both does not widen the interval.
 *
 * @throws MetricsError as `bootstrap`
 */
export function pairedBootstrap<O extends object>(
  measure: Measure<O>,
  first: AnyPredictions,
  second: AnyPredictions,
  targets: Targets,
  options: O & BootstrapOptions = {} as O & BootstrapOptions,
): BootstrapResult {
  return compute(planBootstrap(measure, [first, second], targets, options));
}
