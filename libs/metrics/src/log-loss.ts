import type { Labels, Numbers } from './inputs';
import { checkRows, checkTemperature } from './inputs';
import { rowMaximum } from './rows';

/**
 * Mean negative log-likelihood in nats, -ln softmax(z / T)_y, by log-sum-exp: finite at any finite logits.
 *
 * @param logits examples x classes, row-major
 * @param labels class numbers from 0
 * @param temperature T > 0 that divides the logits
 * @throws MetricsError on empty or mismatched input, values that are not finite, labels out of range, T not above 0
 */
export function negativeLogLikelihood(logits: Numbers, labels: Labels, temperature = 1): number {
  checkTemperature(temperature);
  const classes = checkRows(logits, labels, 'logits');
  let total = 0;
  for (let row = 0; row < labels.length; row++) {
    const start = row * classes;
    const maximum = rowMaximum(logits, row, classes);
    let others = 0;
    let seenMaximum = false;
    for (let k = 0; k < classes; k++) {
      const logit = logits[start + k] as number;
      if (logit === maximum && !seenMaximum) seenMaximum = true;
      else others += Math.exp((logit - maximum) / temperature);
    }
    const margin = (maximum - (logits[start + (labels[row] as number)] as number)) / temperature;
    total += margin + Math.log1p(others);
  }
  return total / labels.length;
}
