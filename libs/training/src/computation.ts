import { op, tf, withRandomStep } from '@label-relaxation/runtime';
import { augment } from './augmentation';
import type { ExampleLoss, TrainableNetwork } from './network';
import { type SgdOptions, sgdUpdate } from './sgd';
import type { Augmentation } from './step';

/** What a step computes with; the same for the eager and for the compiled step. */
export interface Computation {
  readonly network: TrainableNetwork;
  readonly loss: ExampleLoss;
  readonly optimizer: SgdOptions;
  /** The optimiser's velocities, in the order of the network's trainable variables. */
  readonly velocities: readonly tf.Variable[];
  readonly augmentation: Augmentation | null;
  /** Per-pixel mean [height, width, channels] to subtract. */
  readonly mean: tf.Tensor3D | null;
}

/** Examples as they come from the data: float32 pixels of 0 to 255 [n, h, w, c] and int32 labels [n]. */
export interface RawBatch {
  readonly images: tf.Tensor4D;
  readonly labels: tf.Tensor1D;
}

/** Scalars: mean loss with all penalties, and the number of hits (float32). */
export type Scores = { loss: tf.Scalar; correct: tf.Scalar };

/** Scores of a training step, and the class predicted for each example before the update, int32 [n]. */
export type StepScores = Scores & { predicted: tf.Tensor1D };

/**
 * One training step in plain tfjs: forward pass, backward pass and update. Reads no value back, so that it can be
 * compiled.
 *
 * @param learningRate after the decay per iteration
 * @param stepSeed int32 [seed, iteration], from which all random numbers follow
 * @param progress the share of the run's epochs that are done
 * @returns scores from before the update
 */
export function trainOn(
  computation: Computation,
  batch: RawBatch,
  learningRate: tf.Scalar,
  stepSeed: tf.Tensor1D,
  progress: tf.Scalar,
): StepScores {
  const { network, optimizer, velocities, augmentation } = computation;
  return withRandomStep(stepSeed, () =>
    tf.tidy(() => {
      const normalised = normalise(batch.images, computation.mean);
      const images = augmentation ? augment(normalised, augmentation) : normalised;
      let predicted: tf.Tensor1D | undefined;
      const { value, grads } = tf.variableGrads(
        () => {
          const logits = network.logits(images, { training: true });
          predicted = tf.keep(logits.argMax(1) as tf.Tensor1D);
          return meanLoss(computation, logits, batch.labels, progress);
        },
        network.trainableVariables.map(({ variable }) => variable),
      );
      const loss: tf.Scalar = value.add(l2Penalty(network));
      network.trainableVariables.forEach(({ variable }, i) => {
        const l2 = l2Of(network, variable);
        sgdUpdate(variable, velocities[i]!, grads[variable.name]!, l2, learningRate, optimizer);
      });
      const scores = { loss, correct: hits(predicted!, batch.labels), predicted: predicted!.clone() };
      predicted!.dispose();
      return scores;
    }),
  );
}

/** Scores and logits [n, classes] of a batch in inference mode. */
export function scoreOf(computation: Computation, batch: RawBatch): Scores & { logits: tf.Tensor2D } {
  const { network, mean } = computation;
  return tf.tidy(() => {
    const logits = network.logits(normalise(batch.images, mean), { training: false });
    const loss: tf.Scalar = meanLoss(computation, logits, batch.labels).add(l2Penalty(network));
    return { loss, correct: hits(logits.argMax(1), batch.labels), logits };
  });
}

function normalise(images: tf.Tensor4D, mean: tf.Tensor3D | null): tf.Tensor4D {
  const scaled: tf.Tensor4D = images.mul(1 / 255);
  return mean === null ? scaled : scaled.sub(mean);
}

function hits(predicted: tf.Tensor1D, labels: tf.Tensor1D): tf.Scalar {
  return predicted.equal(labels).cast('float32').sum();
}

function meanLoss(
  { network, loss }: Computation,
  logits: tf.Tensor2D,
  labels: tf.Tensor1D,
  progress?: tf.Scalar,
): tf.Scalar {
  const mean: tf.Scalar = loss.perExample(logits, labels, progress).mean();
  return network.activityLoss === undefined ? mean : mean.add(network.activityLoss(logits));
}

function l2Of({ regularizers }: TrainableNetwork, variable: tf.Variable): number {
  return regularizers.filter((r) => r.variable === variable).reduce((sum, r) => sum + r.l2, 0);
}

function l2Penalty({ regularizers }: TrainableNetwork): tf.Scalar {
  return regularizers.reduce<tf.Scalar>((sum, { variable, l2 }) => {
    const [halfSquares] = op('L2Loss', { T: { type: 'float32' } }, [variable], 1);
    return sum.add(halfSquares!.mul(2 * l2));
  }, tf.scalar(0));
}
