import { expectedCalibrationError } from './calibration-error';
import { MetricsError } from './errors';
import type { Labels, Numbers } from './inputs';
import { checkRows } from './inputs';
import { rowMaximum } from './rows';
import { softmax } from './softmax';

/** The temperatures that the label relaxation paper's own search tries. */
export const temperatureGrid: readonly number[] = [
  0.25, 0.5, 0.75, 1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8, 1.9, 2, 2.5, 3,
];

/** Smallest and largest temperature that `fitTemperature` gives. */
export const temperatureBounds: readonly [number, number] = [0.05, 20];

/** How a temperature is chosen: `nll` minimises the negative log-likelihood, `ece_grid` the ECE over `temperatureGrid`. */
export type TemperatureMethod = 'nll' | 'ece_grid';

/** Options of `fitTemperature`. */
export interface FitTemperatureOptions {
  /** `nll` unless given. */
  readonly method?: TemperatureMethod;
  /** Bins of the ECE that `ece_grid` minimises; 15 unless given. */
  readonly bins?: number;
}

/** First and second derivative of the mean NLL in b = 1/T: E_p[z] - z_y and Var_p[z], averaged. */
function derivatives(logits: Numbers, labels: Labels, classes: number, inverse: number): [number, number] {
  let slope = 0;
  let curvature = 0;
  for (let row = 0; row < labels.length; row++) {
    const start = row * classes;
    const maximum = rowMaximum(logits, row, classes);
    let weights = 0;
    let first = 0;
    let second = 0;
    for (let k = 0; k < classes; k++) {
      const distance = (logits[start + k] as number) - maximum;
      const weight = Math.exp(inverse * distance);
      weights += weight;
      first += weight * distance;
      second += weight * distance * distance;
    }
    const mean = first / weights;
    slope += mean - ((logits[start + (labels[row] as number)] as number) - maximum);
    curvature += second / weights - mean * mean;
  }
  return [slope / labels.length, curvature / labels.length];
}

/** Newton's method on the slope, which grows with 1/T, kept inside a bracket that each step narrows. */
function minimiseLikelihood(logits: Numbers, labels: Labels, classes: number): number {
  const [coldest, hottest] = temperatureBounds;
  let low = 1 / hottest;
  let high = 1 / coldest;
  const [slopeAtLow] = derivatives(logits, labels, classes, low);
  const [slopeAtHigh] = derivatives(logits, labels, classes, high);
  if (slopeAtLow === 0 && slopeAtHigh === 0) return 1;
  if (slopeAtLow >= 0) return hottest;
  if (slopeAtHigh <= 0) return coldest;
  let inverse = 1;
  for (let iteration = 0; iteration < 200; iteration++) {
    const [slope, curvature] = derivatives(logits, labels, classes, inverse);
    if (slope === 0) break;
    if (slope < 0) low = inverse;
    else high = inverse;
    let next = inverse - slope / curvature;
    if (!(next > low && next < high)) next = (low + high) / 2;
    const settled = Math.abs(next - inverse) <= 4 * Number.EPSILON * inverse;
    inverse = next;
    if (settled) break;
  }
  return 1 / inverse;
}

function searchGrid(logits: Numbers, labels: Labels, classes: number, bins: number): number {
  let best = 1;
  let lowest = Infinity;
  for (const temperature of temperatureGrid) {
    const error = expectedCalibrationError(softmax(logits, classes, temperature), labels, { bins });
    if (error < lowest) {
      lowest = error;
      best = temperature;
    }
  }
  return best;
}

/**
 * Temperature T of temperature scaling (Guo et al. 2017): divide the logits by it to calibrate them.
 *
 * With `nll` (the default) T minimises the mean negative log-likelihood within `temperatureBounds`, [0.05, 20]. The likelihood
 * is convex in 1/T, so the minimum is the only one; where every T is equally good (all logits of each row equal, say) it is 1,
 * and where the likelihood still falls at a bound it is that bound. With `ece_grid` T is the value of the paper's grid with the
 * lowest ECE, the smallest T among equals.
 *
 * @param logits examples x classes, row-major, of data that the model was not trained on
 * @param labels class numbers from 0
 * @throws MetricsError on empty or mismatched input, values that are not finite, labels out of range
 */
export function fitTemperature(
  logits: Numbers,
  labels: Labels,
  { method = 'nll', bins = 15 }: FitTemperatureOptions = {},
): number {
  const classes = checkRows(logits, labels, 'logits');
  if (method === 'nll') return minimiseLikelihood(logits, labels, classes);
  if (method === 'ece_grid') return searchGrid(logits, labels, classes, bins);
  throw new MetricsError(`temperature method is ${String(method)}: expected nll or ece_grid`);
}
