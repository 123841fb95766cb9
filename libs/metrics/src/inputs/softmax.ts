import { MetricsError } from '../errors';
import { checkTemperature, finiteFault } from './check';
import { argmaxOfFinite } from './rows';
import type { Numbers } from './types';
import { floatsOf } from './types';

/**
 * Probabilities exp(z_k / T) / sum_j exp(z_j / T) of each row of logits, in float64, without overflow.
 *
 * @param logits examples x classes, row-major
 * @param classes number of columns, at least 2
 * @param temperature T > 0 (Guo et al. 2017); 1 leaves the logits as they are
 * @throws MetricsError on a size that does not fit, a value that is not finite, or a temperature not above 0
 */
export function softmax(logits: Numbers, classes: number, temperature = 1): Float64Array {
  checkTemperature(temperature);
  if (!Number.isInteger(classes) || classes < 2) {
    throw new MetricsError(`classes is ${classes}: expected a whole number of at least 2`);
  }
  if (logits.length === 0 || logits.length % classes !== 0) {
    throw new MetricsError(
      `logits have ${logits.length} values: expected rows of ${classes} classes, at least one`,
    );
  }
  const values = floatsOf(logits);
  const probabilities = new Float64Array(values.length);
  for (let start = 0; start < values.length; start += classes) {
    const best = argmaxOfFinite(values, start, classes);
    if (best < 0) throw finiteFault(values, start, start + classes, 'logits');
    const largest = values[start + best] as number;
    let sum = 0;
    for (let k = start; k < start + classes; k++) {
      const weight = Math.exp(((values[k] as number) - largest) / temperature);
      probabilities[k] = weight;
      sum += weight;
    }
    for (let k = start; k < start + classes; k++) probabilities[k] = (probabilities[k] as number) / sum;
  }
  return probabilities;
}
