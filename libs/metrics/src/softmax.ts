import { MetricsError } from './errors';
import type { Numbers } from './inputs';
import { checkTemperature } from './inputs';
import { rowMaximum } from './rows';

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
  const probabilities = new Float64Array(logits.length);
  for (let row = 0; row < logits.length / classes; row++) {
    const start = row * classes;
    const maximum = rowMaximum(logits, row, classes);
    let sum = 0;
    for (let k = start; k < start + classes; k++) {
      const logit = logits[k] as number;
      if (!Number.isFinite(logit)) {
        throw new MetricsError(
          `logits[${k}] is ${logit}: every value must be a finite number; look for NaN in the model's output`,
        );
      }
      const weight = Math.exp((logit - maximum) / temperature);
      probabilities[k] = weight;
      sum += weight;
    }
    for (let k = start; k < start + classes; k++) probabilities[k] = (probabilities[k] as number) / sum;
  }
  return probabilities;
}
