import type { LabelledPredictions } from '@label-relaxation/metrics';
import { expectedCalibrationError, softmax } from '@label-relaxation/metrics';
import { CalibrationError } from '../errors';
import type { Examples, Rows, Values } from '../inputs';
import { logitsOf, readExamples } from '../inputs';
import { fitInverseTemperature } from '../numerics/inverse-temperature';
import type { Fitted, Method } from './method';
import { fewerThan } from './method';

/** The temperatures that the label relaxation paper's own search tries. */
export const temperatureGrid: readonly number[] = [
  0.25, 0.5, 0.75, 1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8, 1.9, 2, 2.5, 3,
];

/** Smallest and largest temperature that a fit gives. */
export const temperatureBounds: readonly [number, number] = [0.05, 20];

/** How a temperature is chosen: `nll` minimises the negative log-likelihood, `ece_grid` the ECE over `temperatureGrid`. */
export type TemperatureMethod = 'nll' | 'ece_grid';

/** Options of temperature scaling. */
export interface TemperatureOptions {
  /** `nll` unless given. */
  readonly by?: TemperatureMethod;
  /** Bins of the ECE that `ece_grid` minimises; 15 unless given. */
  readonly bins?: number;
}

/** softmax(z / T). */
interface Temperature {
  readonly temperature: number;
}

/** A fitted temperature. */
export interface TemperatureCalibrator extends Fitted, Temperature {
  readonly method: 'temperature';
}

/**
 * Temperature T of temperature scaling (Guo et al. 2017): divide the logits by it to calibrate them.
 *
 * With `nll` (the default) T minimises the mean negative log-likelihood within `temperatureBounds`, [0.05, 20]. The
 * likelihood is convex in 1/T, so the minimum is the only one; where every T is equally good (all logits of each row equal,
 * say) it is 1, and where the likelihood still falls at a bound it is that bound. With `ece_grid` T is the value of the
 * paper's grid with the lowest ECE, the smallest T among equals.
 *
 * @throws MetricsError on empty or mismatched input, values that are not finite, labels out of range
 */
export function fitTemperature(examples: LabelledPredictions, options: TemperatureOptions = {}): number {
  return temperatureOf(readExamples(examples), options);
}

/** `fitTemperature` of examples that are checked. */
export function temperatureOf(
  examples: Examples,
  { by = 'nll', bins = 15 }: TemperatureOptions = {},
): number {
  if (by === 'nll') {
    const [coldest, hottest] = temperatureBounds;
    return 1 / fitInverseTemperature(examples, [1 / hottest, 1 / coldest]);
  }
  if (by === 'ece_grid') return searchGrid(examples, bins);
  throw new CalibrationError(`by is ${String(by)}: a temperature is chosen by nll or ece_grid`);
}

function searchGrid(examples: Examples, bins: number): number {
  if (examples.weights !== null) throw new CalibrationError('ece_grid takes no weights: choose by nll');
  const logits = logitsOf(examples);
  let best = 1;
  let lowest = Infinity;
  for (const temperature of temperatureGrid) {
    const scaled = softmax(logits, examples.classes, temperature);
    const error = expectedCalibrationError(scaled, examples.labels, { bins });
    if (error < lowest) {
      lowest = error;
      best = temperature;
    }
  }
  return best;
}

/**
 * Softmax at a temperature whose largest entry is that of the input, even where rounding makes others equal to it: the
 * accuracy stays exactly the same.
 */
function scale({ temperature }: Temperature, rows: Rows): Float64Array {
  const { classes, size, values } = rows;
  const scaled = softmax(logitsOf(rows), classes, temperature);
  for (let row = 0; row < size; row++) {
    const start = row * classes;
    const best = firstLargest(values, start, classes);
    const found = firstLargest(scaled, start, classes);
    if (found !== best) scaled[best] = (scaled[found] as number) * (1 + Number.EPSILON);
  }
  return scaled;
}

function firstLargest(values: Values, start: number, classes: number): number {
  let best = start;
  for (let k = start + 1; k < start + classes; k++) {
    if ((values[k] as number) > (values[best] as number)) best = k;
  }
  return best;
}

/** Temperature scaling. */
export const temperature: Method<Temperature, TemperatureOptions> = {
  refusal: (counts) => fewerThan(2, 'temperature scaling', counts),
  fit: (examples, options) => ({ temperature: temperatureOf(examples, options) }),
  transform: scale,
  read: (json) => ({ temperature: json.number('temperature', (value) => value > 0) }),
};
