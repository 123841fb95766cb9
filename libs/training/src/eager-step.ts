import { tf } from '@label-relaxation/runtime';
import {
  type Computation,
  disposeNormalisation,
  normalisationOf,
  type RawBatch,
  type Scores,
  scoreOf,
  trainOn,
} from './computation';
import { checkData, checkExamples, chunkSize, evaluateChunks, widthOf } from './examples';
import { InputReader } from './inputs';
import type { NamedVariable } from './network';
import { decayedRate } from './sgd';
import { assignVariables, checkState, networkVariables, readVariables } from './state';
import type {
  BatchResult,
  Evaluation,
  Inputs,
  StepOptions,
  StepResult,
  StepState,
  TrainingStep,
} from './step';
import { nextTurn } from './turn';

/** A step that runs op by op: slower than the compiled one, which is tested against it. */
export class EagerStep implements TrainingStep {
  readonly kind = 'eager';
  readonly #options: StepOptions;
  readonly #computation: Computation;
  readonly #velocities: readonly NamedVariable[];
  /** Null where the inputs are in memory. */
  readonly #reader: InputReader | null;
  #iteration = 0;

  /** @param options checked here; throws a TrainingError where the data don't fit together */
  constructor(options: StepOptions) {
    const { network, loss, optimizer, data, augmentation = null } = options;
    checkData(data);
    this.#options = options;
    this.#reader = data.inputs ? null : new InputReader(data);
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
      normalisation: normalisationOf(data),
    };
  }

  explain(): string {
    return 'The step runs op by op: nothing of it is compiled.';
  }

  async train(examples: Int32Array, learningRate: number, progress = 0): Promise<StepResult> {
    checkExamples(examples, this.#options.data);
    await nextTurn();
    const { seed, optimizer } = this.#options;
    const rate = decayedRate(learningRate, optimizer.decay, this.#iteration);
    const inputs = await this.#inputs(examples);
    const scores = tf.tidy(() => {
      const stepSeed = tf.tensor1d([seed, this.#iteration], 'int32');
      const batch = this.#batch(examples, inputs);
      return trainOn(this.#computation, batch, tf.scalar(rate), stepSeed, tf.scalar(progress));
    });
    this.#iteration += 1;
    const predicted = scores.predicted.dataSync<'int32'>();
    return { ...read(scores), predicted };
  }

  async evaluate(examples: Int32Array): Promise<Evaluation> {
    const { data, batchSize } = this.#options;
    checkExamples(examples, data);
    return evaluateChunks(examples, chunkSize(batchSize, data), this, async (chunk) => {
      const inputs = await this.#inputs(chunk);
      const scores = tf.tidy(() => scoreOf(this.#computation, this.#batch(chunk, inputs)));
      const logits = scores.logits.dataSync<'float32'>();
      return { ...read(scores), logits };
    });
  }

  async logits(examples: Int32Array): Promise<Float32Array> {
    return (await this.evaluate(examples)).logits;
  }

  prefetch(examples: Int32Array): void {
    this.#reader?.prefetch(examples);
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
    disposeNormalisation(this.#computation.normalisation);
    for (const { variable } of this.#velocities) variable.dispose();
  }

  /** The inputs of a batch, from memory or from where they are read. */
  async #inputs(examples: Int32Array): Promise<Inputs> {
    const { inputs, shape } = this.#options.data;
    return inputs ? rowsOf(inputs, widthOf(shape), examples) : this.#reader!.take(examples);
  }

  #batch(examples: Int32Array, inputs: Inputs): RawBatch {
    const { labels, targets, shape } = this.#options.data;
    const size = examples.length;
    const classes = (targets?.length ?? 0) / labels.length;
    return {
      inputs: tf.tensor(inputs instanceof Float32Array ? inputs : Float32Array.from(inputs), [
        size,
        ...shape,
      ]),
      labels: tf.tensor1d(
        Int32Array.from(examples, (example) => labels[example]!),
        'int32',
      ),
      ...(targets ? { targets: tf.tensor2d(rowsOf(targets, classes, examples), [size, classes]) } : {}),
    };
  }
}

/** The rows of some examples, one after the other, as float32. */
function rowsOf(values: Inputs, width: number, examples: Int32Array): Float32Array {
  const rows = new Float32Array(examples.length * width);
  examples.forEach((example, i) => {
    rows.set(values.subarray(example * width, (example + 1) * width), i * width);
  });
  return rows;
}

function read(scores: Scores): BatchResult {
  const result = { loss: scores.loss.dataSync()[0]!, correct: scores.correct.dataSync()[0]! };
  tf.dispose(scores);
  return result;
}
