import {
  compile,
  explain,
  type FedInput,
  type Program,
  type Table,
  tf,
  type Values,
} from '@label-relaxation/runtime';
import {
  type Computation,
  disposeNormalisation,
  normalisationOf,
  type RawBatch,
  scoreOf,
  trainOn,
} from './computation';
import { checkData, checkExamples, chunkSize, evaluateChunks } from './examples';
import { InputReader } from './inputs';
import { decayedRate } from './sgd';
import { assignVariables, checkState, networkVariables } from './state';
import type {
  BatchResult,
  Evaluation,
  SavedVariable,
  StepOptions,
  StepResult,
  StepState,
  TrainingData,
  TrainingStep,
} from './step';
import { nextTurn } from './turn';

type Entry = 'train' | 'evaluate';

/** A step that TensorFlow runs as one graph, in a single call. */
export class CompiledStep implements TrainingStep {
  readonly kind = 'compiled';
  readonly #options: StepOptions;
  readonly #program: Program<Entry>;
  /** Null where the program holds the inputs. */
  readonly #reader: InputReader | null;
  #iteration = 0;

  private constructor(options: StepOptions, program: Program<Entry>) {
    this.#options = options;
    this.#program = program;
    this.#reader = options.data.inputs ? null : new InputReader(options.data);
  }

  /** Compiles the step. Throws a RuntimeError where the network or the loss cannot be compiled. */
  static async create(options: StepOptions): Promise<CompiledStep> {
    const { network, loss, optimizer, data, augmentation = null } = options;
    checkData(data);
    const weights = networkVariables(network).map(({ variable }) => variable);
    const velocities = network.trainableVariables.map(({ variable }) =>
      tf.tidy(() => tf.variable(tf.zerosLike(variable), false)),
    );
    const normalisation = normalisationOf(data);
    const computation: Computation = { network, loss, optimizer, augmentation, velocities, normalisation };
    const { tables, inputs } = batchInputs(data);
    try {
      const program = await compile<Entry>({
        variables: [...weights, ...velocities],
        tables,
        entries: {
          train: {
            precision: options.precision,
            inputs: {
              ...inputs,
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
            inputs,
            fn: (inputs) => scoreOf(computation, inputs as unknown as RawBatch),
          },
        },
      });
      return new CompiledStep(options, program);
    } finally {
      disposeNormalisation(normalisation);
      tf.dispose(velocities);
    }
  }

  explain(): string {
    return explain(this.#program.passes);
  }

  async train(examples: Int32Array, learningRate: number, progress = 0): Promise<StepResult> {
    checkExamples(examples, this.#options.data);
    await nextTurn();
    const { seed, optimizer } = this.#options;
    const rate = decayedRate(learningRate, optimizer.decay, this.#iteration);
    const scores = this.#program.run('train', {
      ...(await this.#batch(examples)),
      learningRate: Float32Array.of(rate),
      stepSeed: Int32Array.of(seed, this.#iteration),
      progress: Float32Array.of(progress),
    });
    this.#iteration += 1;
    return { ...batchResult(scores), predicted: scores['predicted'] as Int32Array };
  }

  async evaluate(examples: Int32Array): Promise<Evaluation> {
    const { data, batchSize } = this.#options;
    checkExamples(examples, data);
    return evaluateChunks(examples, chunkSize(batchSize, data), this, async (chunk) => {
      const wanted = ['loss', 'correct', 'logits'];
      const scores = this.#program.run('evaluate', await this.#batch(chunk), wanted);
      return { ...batchResult(scores), logits: scores['logits'] as Float32Array };
    });
  }

  async logits(examples: Int32Array): Promise<Float32Array> {
    return (await this.evaluate(examples)).logits;
  }

  prefetch(examples: Int32Array): void {
    this.#reader?.prefetch(examples);
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

  /** What the program is fed of a batch. */
  async #batch(examples: Int32Array): Promise<Record<string, Values>> {
    return this.#reader ? { examples, inputs: await this.#reader.take(examples) } : { examples };
  }
}

/** What the program holds of the data, and how its functions get a batch. */
function batchInputs({ inputs, dtype = 'uint8', labels, targets, shape }: TrainingData) {
  const size = labels.length;
  const fed: FedInput = {
    dtype: 'float32',
    shape: ['batch', ...shape],
    ...(dtype === 'uint8' ? { fed: 'uint8' } : {}),
  };
  const tables: Record<string, Table> = {
    labels: { values: labels instanceof Uint8Array ? labels : Int32Array.from(labels), shape: [size] },
  };
  if (inputs) tables['inputs'] = { values: inputs, shape: [size, ...shape] };
  if (targets) tables['targets'] = { values: targets, shape: [size, targets.length / size] };
  const rowsOf = (table: string, dtype: 'float32' | 'int32') => ({ table, rows: 'examples', dtype });
  return {
    tables,
    inputs: {
      inputs: inputs ? rowsOf('inputs', 'float32') : fed,
      labels: rowsOf('labels', 'int32'),
      ...(targets ? { targets: rowsOf('targets', 'float32') } : {}),
    },
  };
}

function batchResult({ loss, correct }: Record<string, Values>): BatchResult {
  return { loss: loss![0]!, correct: correct![0]! };
}
