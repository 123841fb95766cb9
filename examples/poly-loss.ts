/**
 * Embeddings in a NumPy file, with a loss of one's own: the arrays x [n, d] and y [n], or x_train, y_train, ...
 *
 *   npm run study -- --dataset_name ./embeddings.npz --model_name simple_dense \
 *     --loss_name ./examples/poly-loss.ts --alpha 1 --epochs 10 --initial_lr 0.02 --calibrate temperature
 *
 * Poly-1 (Leng et al., ICLR 2022): cross-entropy plus alpha times what is missing to certainty, 1 - p of the class. The
 * function gives the loss of each example, in tfjs by the tensors' own methods; `alpha` says what the flag may be, and
 * `npm run study-ho` tries its grid.
 */
import type { LossModule } from '@label-relaxation/experiments';

export const alpha: LossModule['alpha'] = { min: -1, max: 10, example: 1, grid: [0, 0.5, 1, 2] };

const polyLoss: LossModule['default'] = ({ logits, target, alpha: epsilon }) => {
  const crossEntropy = logits.logSumExp(1).sub(logits.mul(target).sum(1));
  const missing = logits.softmax().mul(target).sum(1).mul(-1).add(1);
  return crossEntropy.add(missing.mul(epsilon));
};

export default polyLoss;
