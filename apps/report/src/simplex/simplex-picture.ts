import type { Loss } from '@label-relaxation/losses';
import { simplexGrid, simplexSvg } from '@label-relaxation/plots';
import type { tf as Tf } from '@label-relaxation/runtime';

/** Intervals along an edge. */
const steps = 60;

/** Probabilities of 0 count as this one, so that their logits are finite. */
const least = 1e-7;

/**
 * The losses of a training step over the simplex of three classes, as the study computes them. Label smoothing is drawn without the
 * entropy of its target, which no prediction takes off: as the divergence that is 0 at the target.
 */
export async function simplexPicture(alpha: number, beta: number): Promise<string> {
  // TensorFlow is loaded only where it computes something.
  const { createLoss } = await import('@label-relaxation/losses');
  const { tf } = await import('@label-relaxation/runtime');
  const grid = simplexGrid(steps);
  const logits = tf.tensor2d(grid.map((point) => point.map((p) => Math.log(Math.max(p, least)))));
  const labels = tf.zeros([grid.length], 'int32') as Tf.Tensor1D;
  const progress = tf.scalar(0);
  const valuesOf = (loss: Loss) =>
    tf.tidy(() => loss.perExample(logits, labels, progress).dataSync().slice());
  try {
    const smoothed = [1 - alpha + alpha / 3, alpha / 3, alpha / 3] as const;
    const entropy = smoothed.reduce((sum, q) => sum - (q === 0 ? 0 : q * Math.log(q)), 0);
    const smoothing = valuesOf(createLoss('cross_entropy', alpha)).map((loss) => Math.max(0, loss - entropy));
    const bounds = { beta_start: beta, beta_end: beta };
    return simplexSvg(
      [
        { label: 'Label smoothing', values: smoothing, target: smoothed },
        { label: 'Label relaxation', values: valuesOf(createLoss('label_relaxation', alpha)) },
        { label: 'Data ambiguation', values: valuesOf(createLoss('data_ambiguation', alpha, bounds)) },
      ],
      { note: `α = ${alpha}, β = ${beta}; the shade of the paper is a loss of 0` },
    );
  } finally {
    tf.dispose([logits, labels, progress]);
  }
}
