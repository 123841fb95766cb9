import { tf } from '@label-relaxation/runtime';
import { type Computation, type RawBatch, type Scores, scoreOf, trainOn } from './computation';
import { checkData, checkExamples, chunkSize, evaluateChunks, logitsOfChunks } from './examples';
import type { NamedVariable } from './network';
import { decayedRate } from './sgd';
import { assignVariables, checkState, networkVariables, readVariables } from './state';
import type { BatchResult, StepOptions, StepResult, StepState, TrainingStep } from './step';
import { nextTurn } from './turn';

/** A step that runs op by op: slower than the compiled one, which is tested against it. */
export class EagerStep implements TrainingStep {
  readonly kind = 'eager';
  readonly #options: StepOptions;
  readonly #computation: Computation;
  readonly #velocities: readonly NamedVariable[];
  #iteration = 0;

  /** @param options checked here; throws a TrainingError where the data don't fit together */
  constructor(options: StepOptions) {
    const { network, loss, optimizer, data, augmentation = null } = options;
    checkData(data);
    this.#options = options;
    this.#velocities = network.trainableVariables.map(({ name, variable }) => ({
      name,
      variable: tf.tidy(() => tf.variable(tf.zerosLike(variable), false)),
    }));
    this.#computation = {
      network,
      loss,
      optimizer,
      augmentation,
      velocities: this.#velocities.map(({ variable }) => variable),
      mean: data.mean ? tf.tensor3d(data.mean, [...data.shape]) : null,
    };
  }

  async train(examples: Int32Array, learningRate: number, progress = 0): Promise<StepResult> {
    checkExamples(examples, this.#options.data);
    await nextTurn();
    const { seed, optimizer } = this.#options;
    const rate = decayedRate(learningRate, optimizer.decay, this.#iteration);
    const scores = tf.tidy(() => {
      const stepSeed = tf.tensor1d([seed, this.#iteration], 'int32');
      return trainOn(
        this.#computation,
        this.#batch(examples),
        tf.scalar(rate),
        stepSeed,
        tf.scalar(progress),
      );
    });
    this.#iteration += 1;
    const predicted = scores.predicted.dataSync<'int32'>();
    return { ...read(scores), predicted };
  }

  async evaluate(examples: Int32Array): Promise<BatchResult> {
    const { data, batchSize } = this.#options;
    checkExamples(examples, data);
    return evaluateChunks(examples, chunkSize(batchSize, data), (chunk) => read(this.#score(chunk)));
  }

  async logits(examples: Int32Array): Promise<Float32Array> {
    const { data, batchSize } = this.#options;
    checkExamples(examples, data);
    return logitsOfChunks(examples, chunkSize(batchSize, data), (chunk) => {
      const scores = this.#score(chunk);
      const logits = scores.logits.dataSync<'float32'>();
      tf.dispose(scores);
      return logits;
    });
  }

  async readState(): Promise<StepState> {
    return {
      iteration: this.#iteration,
      weights: await readVariables(networkVariables(this.#options.network)),
      velocities: await readVariables(this.#velocities),
    };
  }

  async writeState(state: StepState): Promise<void> {
    checkState(this.#options.network, state);
    assignVariables(networkVariables(this.#options.network), state.weights);
    assignVariables(this.#velocities, state.velocities);
    this.#iteration = state.iteration;
  }

  /** The eager step works on the network's own variables, so that there is nothing to do. */
  async updateNetwork(): Promise<void> {}

  dispose(): void {
    this.#computation.mean?.dispose();
    for (const { variable } of this.#velocities) variable.dispose();
  }

  #score(examples: Int32Array): ReturnType<typeof scoreOf> {
    return tf.tidy(() => scoreOf(this.#computation, this.#batch(examples)));
  }

  #batch(examples: Int32Array): RawBatch {
    const { images, labels, shape } = this.#options.data;
    const pixels = shape[0] * shape[1] * shape[2];
    const values = new Float32Array(examples.length * pixels);
    examples.forEach((example, i) =>
      values.set(images.subarray(example * pixels, (example + 1) * pixels), i * pixels),
    );
    return {
      images: tf.tensor4d(values, [examples.length, ...shape]),
      labels: tf.tensor1d(
        Int32Array.from(examples, (example) => labels[example]!),
        'int32',
      ),
    };
  }
}

function read(scores: Scores): BatchResult {
  const result = { loss: scores.loss.dataSync()[0]!, correct: scores.correct.dataSync()[0]! };
  tf.dispose(scores);
  return result;
}
