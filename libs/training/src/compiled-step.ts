import { compile, type Program, tf, type Values } from '@label-relaxation/runtime';
import { type Computation, type RawBatch, scoreOf, trainOn } from './computation';
import { checkData, checkExamples, chunkSize, evaluateChunks, logitsOfChunks } from './examples';
import { decayedRate } from './sgd';
import { assignVariables, checkState, networkVariables } from './state';
import type { BatchResult, SavedVariable, StepOptions, StepResult, StepState, TrainingStep } from './step';
import { nextTurn } from './turn';

type Entry = 'train' | 'evaluate';

/** A step that TensorFlow runs as one graph, in a single call. */
export class CompiledStep implements TrainingStep {
  readonly kind = 'compiled';
  readonly #options: StepOptions;
  readonly #program: Program<Entry>;
  #iteration = 0;

  private constructor(options: StepOptions, program: Program<Entry>) {
    this.#options = options;
    this.#program = program;
  }

  /** Compiles the step. Throws a RuntimeError where the network or the loss cannot be compiled. */
  static async create(options: StepOptions): Promise<CompiledStep> {
    const { network, loss, optimizer, data, augmentation = null } = options;
    checkData(data);
    const weights = networkVariables(network).map(({ variable }) => variable);
    const velocities = network.trainableVariables.map(({ variable }) =>
      tf.tidy(() => tf.variable(tf.zerosLike(variable), false)),
    );
    const mean = data.mean ? tf.tensor3d(data.mean, [...data.shape]) : null;
    const computation: Computation = { network, loss, optimizer, augmentation, velocities, mean };
    const images = { table: 'images', rows: 'examples', dtype: 'float32' } as const;
    const labels = { table: 'labels', rows: 'examples', dtype: 'int32' } as const;
    try {
      const program = await compile<Entry>({
        variables: [...weights, ...velocities],
        tables: {
          images: { values: data.images, shape: [data.labels.length, ...data.shape] },
          labels: { values: data.labels, shape: [data.labels.length] },
        },
        entries: {
          train: {
            precision: options.precision,
            inputs: {
              images,
              labels,
              learningRate: { dtype: 'float32', shape: [] },
              stepSeed: { dtype: 'int32', shape: [2] },
              progress: { dtype: 'float32', shape: [] },
            },
            fn: (inputs) =>
              trainOn(
                computation,
                inputs as unknown as RawBatch,
                inputs['learningRate'] as tf.Scalar,
                inputs['stepSeed'] as tf.Tensor1D,
                inputs['progress'] as tf.Scalar,
              ),
          },
          evaluate: {
            inputs: { images, labels },
            fn: (inputs) => scoreOf(computation, inputs as unknown as RawBatch),
          },
        },
      });
      return new CompiledStep(options, program);
    } finally {
      mean?.dispose();
      tf.dispose(velocities);
    }
  }

  async train(examples: Int32Array, learningRate: number, progress = 0): Promise<StepResult> {
    checkExamples(examples, this.#options.data);
    await nextTurn();
    const { seed, optimizer } = this.#options;
    const rate = decayedRate(learningRate, optimizer.decay, this.#iteration);
    const scores = this.#program.run('train', {
      examples,
      learningRate: Float32Array.of(rate),
      stepSeed: Int32Array.of(seed, this.#iteration),
      progress: Float32Array.of(progress),
    });
    this.#iteration += 1;
    return { ...batchResult(scores), predicted: scores['predicted'] as Int32Array };
  }

  async evaluate(examples: Int32Array): Promise<BatchResult> {
    const { data, batchSize } = this.#options;
    checkExamples(examples, data);
    return evaluateChunks(examples, chunkSize(batchSize, data), (chunk) =>
      batchResult(this.#program.run('evaluate', { examples: chunk }, ['loss', 'correct'])),
    );
  }

  async logits(examples: Int32Array): Promise<Float32Array> {
    const { data, batchSize } = this.#options;
    checkExamples(examples, data);
    return logitsOfChunks(
      examples,
      chunkSize(batchSize, data),
      (chunk) => this.#program.run('evaluate', { examples: chunk }, ['logits'])['logits'] as Float32Array,
    );
  }

  async readState(): Promise<StepState> {
    const { network } = this.#options;
    const values = this.#program.read() as Float32Array[];
    const weights = networkVariables(network);
    const saved = [...weights, ...network.trainableVariables].map(({ name, variable }, i): SavedVariable => ({
      name,
      shape: variable.shape,
      values: values[i]!,
    }));
    return {
      iteration: this.#iteration,
      weights: saved.slice(0, weights.length),
      velocities: saved.slice(weights.length),
    };
  }

  async writeState(state: StepState): Promise<void> {
    checkState(this.#options.network, state);
    this.#program.write([...state.weights, ...state.velocities].map(({ values }) => values));
    this.#iteration = state.iteration;
  }

  async updateNetwork(): Promise<void> {
    const { weights } = await this.readState();
    assignVariables(networkVariables(this.#options.network), weights);
  }

  dispose(): void {
    this.#program.dispose();
  }
}

function batchResult({ loss, correct }: Record<string, Values>): BatchResult {
  return { loss: loss![0]!, correct: correct![0]! };
}
