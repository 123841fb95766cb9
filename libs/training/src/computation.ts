import { op, tf, withRandomStep } from '@label-relaxation/runtime';
import { augment } from './augmentation';
import type { ExampleLoss, TrainableNetwork } from './network';
import { type SgdOptions, sgdUpdate } from './sgd';
import type { Augmentation, TrainingData } from './step';

/** What a step computes with; the same for the eager and for the compiled step. */
export interface Computation {
  readonly network: TrainableNetwork;
  readonly loss: ExampleLoss;
  readonly optimizer: SgdOptions;
  /** The optimiser's velocities, in the order of the network's trainable variables. */
  readonly velocities: readonly tf.Variable[];
  readonly augmentation: Augmentation | null;
  readonly normalisation: Normalisation;
}

/** What makes of inputs what the network gets: (inputs * scale - mean) / deviation, the last two of an input's shape. */
export interface Normalisation {
  readonly scale: number;
  readonly mean: tf.Tensor | null;
  readonly deviation: tf.Tensor | null;
}

/** Examples as they come from the data: float32 inputs [n, ...], int32 labels [n], float32 soft labels [n, classes]. */
export interface RawBatch {
  readonly inputs: tf.Tensor;
  readonly labels: tf.Tensor1D;
  readonly targets?: tf.Tensor2D;
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
      const normalised = normalise(batch.inputs, computation.normalisation);
      const inputs = augmentation ? augment(normalised as tf.Tensor4D, augmentation) : normalised;
      let predicted: tf.Tensor1D | undefined;
      const { value, grads } = tf.variableGrads(
        () => {
          const logits = network.logits(inputs, { training: true });
          predicted = tf.keep(logits.argMax(1) as tf.Tensor1D);
          return meanLoss(computation, logits, batch, progress);
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
  const { network, normalisation } = computation;
  return tf.tidy(() => {
    const logits = network.logits(normalise(batch.inputs, normalisation), { training: false });
    const loss: tf.Scalar = meanLoss(computation, logits, batch).add(l2Penalty(network));
    return { loss, correct: hits(logits.argMax(1), batch.labels), logits };
  });
}

/** The normalisation of some data; `disposeNormalisation` frees its tensors. */
export function normalisationOf({ shape, scale = 1 / 255, mean, deviation }: TrainingData): Normalisation {
  const tensor = (values: Float32Array | null | undefined) => (values ? tf.tensor(values, [...shape]) : null);
  return { scale, mean: tensor(mean), deviation: tensor(deviation) };
}

export function disposeNormalisation({ mean, deviation }: Normalisation): void {
  mean?.dispose();
  deviation?.dispose();
}

function normalise(inputs: tf.Tensor, { scale, mean, deviation }: Normalisation): tf.Tensor {
  const scaled = scale === 1 ? inputs : inputs.mul(scale);
  const centred = mean === null ? scaled : scaled.sub(mean);
  return deviation === null ? centred : centred.div(deviation);
}

function hits(predicted: tf.Tensor1D, labels: tf.Tensor1D): tf.Scalar {
  return predicted.equal(labels).cast('float32').sum();
}

function meanLoss(
  { network, loss }: Computation,
  logits: tf.Tensor2D,
  { labels, targets }: RawBatch,
  progress?: tf.Scalar,
): tf.Scalar {
  const mean: tf.Scalar = loss.perExample(logits, targets ?? labels, progress).mean();
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
