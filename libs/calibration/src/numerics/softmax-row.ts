import { exponential } from './exponential';

/** Replaces a row of finite logits by their softmax. */
export function softmaxRow(values: Float64Array, start: number, classes: number): void {
  let maximum = -Infinity;
  for (let k = start; k < start + classes; k++) {
    if ((values[k] as number) > maximum) maximum = values[k] as number;
  }
  let sum = 0;
  for (let k = start; k < start + classes; k++) {
    const share = exponential((values[k] as number) - maximum);
    values[k] = share;
    sum += share;
  }
  for (let k = start; k < start + classes; k++) values[k] = (values[k] as number) / sum;
}
