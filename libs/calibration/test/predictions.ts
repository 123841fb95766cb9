import { softmax } from '@label-relaxation/metrics';
import { randomAt } from '../src/numerics/random';

/** Random logits, and labels drawn from their softmax at a temperature. */
export function randomPredictions(seed: number, examples: number, classes: number, temperature = 1) {
  const logits = Float64Array.from({ length: examples * classes }, (_, i) => 6 * (randomAt(seed, i) - 0.5));
  const probabilities = softmax(logits, classes);
  const truth = softmax(logits, classes, temperature);
  const labels = Int32Array.from({ length: examples }, (_, row) => {
    let rest = randomAt(seed + 0x10000, row);
    for (let k = 0; k < classes - 1; k++) {
      rest -= truth[row * classes + k] as number;
      if (rest < 0) return k;
    }
    return classes - 1;
  });
  return { logits, probabilities, labels };
}
