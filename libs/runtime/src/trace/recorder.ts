import {
  type Binding,
  type BindingAttribute,
  type NodeBackend,
  nodeBackend,
  type TensorMetadata,
} from '../binding';
import { RuntimeError } from '../errors';
import type { MomentumUpdate } from '../momentum-update';
import { op } from '../op';
import { tf } from '../tensorflow';
import type { RecordedNode, RecordedUpdate, Recording, Source } from './recording';
import type { KnownInput } from './output-shapes';
import { standIns } from './stand-in';

/** Tensors by name: what a traced function takes and gives. */
export type NamedTensors = Record<string, tf.Tensor>;

let active: Recorder | null = null;

/** The recorder of the trace that is going on, if any. */
export function activeRecorder(): Recorder | null {
  return active;
}

/**
 * Runs a function once and records every TensorFlow op that it calls. Convolutions, batch-norms and rectifiers are not
 * computed: outputs of their shapes stand in.
 *
 * The variables have their old values back afterwards. Throws a RuntimeError that names the op where the function
 * reads a value back or makes random numbers in JavaScript: a compiled program would freeze both.
 *
 * @param fn synchronous; its result and its assignments to variables are what the recording computes
 * @param inputs the function's inputs, with values that are fit for a run
 * @param variables all variables that the function reads or changes
 */
export function record(
  fn: (inputs: NamedTensors) => NamedTensors,
  inputs: NamedTensors,
  variables: readonly tf.Variable[],
): Recording {
  if (active !== null)
    throw new RuntimeError('A function is traced while another one is: trace one after the other.');
  const backend = nodeBackend();
  const { binding } = backend;
  for (const method of [
    'createTensor',
    'executeOp',
    'tensorDataSync',
    'loadSavedModel',
    'runSavedModel',
  ] as const) {
    if (typeof binding?.[method] !== 'function') {
      throw new RuntimeError(
        `The tensors are not those of tfjs-node 4.22 (no ${method}): nothing can be compiled.`,
      );
    }
  }
  const recorder = new Recorder(backend, variables);
  active = recorder;
  try {
    return recorder.run(fn, inputs);
  } finally {
    active = null;
  }
}

/** Stands between tfjs and the native addon during a trace. */
export class Recorder {
  readonly #backend: NodeBackend;
  readonly #binding: Binding;
  readonly #variables: readonly tf.Variable[];
  readonly #nodes: RecordedNode[] = [];
  readonly #updates: RecordedUpdate[] = [];
  /** Which recorded value each native tensor holds. */
  readonly #sources = new Map<number, Source>();
  /** Native tensors of variables that were updated in place, with the variables' names. */
  readonly #stale = new Map<number, string>();

  constructor(backend: NodeBackend, variables: readonly tf.Variable[]) {
    this.#backend = backend;
    this.#binding = backend.binding;
    this.#variables = variables;
  }

  run(fn: (inputs: NamedTensors) => NamedTensors, inputs: NamedTensors): Recording {
    const old = this.#variables.map((variable) => this.#begin(variable));
    for (const [name, tensor] of Object.entries(inputs)) {
      const id = this.#idOf(tensor);
      this.#sources.set(id, this.#push({ kind: 'input', name, ...this.#typeOf(tensor) }));
    }
    const { random } = Math;
    const { write } = this.#backend;
    this.#backend.binding = this.#recordingBinding();
    this.#backend.write = (values, shape, dtype) => {
      refuseRandom(values ?? []);
      return write.call(this.#backend, values, shape, dtype);
    };
    Math.random = () => {
      throw madeInJavaScript(calledBy(RANDOM_MAKER) ?? 'Math.random');
    };
    try {
      const outputs: Record<string, Source> = {};
      tf.tidy(() => {
        const result = fn(inputs);
        if (result instanceof Promise) {
          result.catch(() => undefined);
          throw new RuntimeError(
            'An async function cannot be compiled: compute with tensors, and read them afterwards.',
          );
        }
        for (const [name, tensor] of Object.entries(result))
          outputs[name] = this.#sourceOf(this.#idOf(tensor));
        this.#variables.forEach((variable, i) => {
          if (variable.dataId === old[i]!.dataId) return;
          this.#updates.push({ kind: 'assign', variable: i, value: this.#sourceOf(this.#idOf(variable)) });
        });
      });
      return { nodes: this.#nodes, outputs, updates: this.#updates };
    } finally {
      this.#backend.binding = this.#binding;
      this.#backend.write = write;
      Math.random = random;
      this.#variables.forEach((variable, i) => {
        if (variable.dataId !== old[i]!.dataId) variable.assign(old[i]!);
        old[i]!.dispose();
      });
    }
  }

  /** Records an optimiser's update instead of doing it. */
  recordMomentum({ variable, velocity, gradient, learningRate, momentum, nesterov }: MomentumUpdate): void {
    this.#updates.push({
      kind: 'momentum',
      variable: this.#place(variable),
      velocity: this.#place(velocity),
      gradient: this.#sourceOf(this.#idOf(gradient)),
      learningRate: this.#sourceOf(this.#idOf(learningRate)),
      momentum,
      nesterov,
    });
    this.#stale.set(this.#idOf(variable), variable.name);
    this.#stale.set(this.#idOf(velocity), velocity.name);
  }

  /** Gives a variable a native tensor of its own and returns its value, to be put back later. */
  #begin(variable: tf.Variable): tf.Tensor {
    if (this.#sources.has(this.#idOf(variable))) {
      tf.tidy(() =>
        variable.assign(op('Identity', { T: { type: variable.dtype as 'float32' } }, [variable], 1)[0]!),
      );
    }
    const variableNumber = this.#sources.size;
    this.#sources.set(
      this.#idOf(variable),
      this.#push({ kind: 'read', variable: variableNumber, ...this.#typeOf(variable) }),
    );
    return variable.clone();
  }

  #recordingBinding(): Binding {
    const binding = this.#binding;
    return Object.create(binding, {
      createTensor: { value: this.#createTensor.bind(this) },
      executeOp: { value: this.#executeOp.bind(this) },
      tensorDataSync: { value: this.#tensorDataSync.bind(this) },
      deleteTensor: { value: (id: number) => binding.deleteTensor(id) },
    }) as Binding;
  }

  #createTensor(shape: number[], dtype: number, values: tf.TypedArray | Uint8Array[]): number {
    if (Array.isArray(values)) throw new RuntimeError('A function with strings cannot be compiled.');
    const id = this.#binding.createTensor(shape, dtype, values);
    this.#sources.set(id, this.#push({ kind: 'constant', dtype, shape: [...shape], values: values.slice() }));
    return id;
  }

  #executeOp(
    name: string,
    attributes: BindingAttribute[],
    inputs: number[],
    outputs: number,
  ): TensorMetadata[] {
    if (/^(Random|Truncated|Parameterized|Multinomial|Stateful)/.test(name)) throw madeInJavaScript(name);
    const sources = inputs.map((id) => this.#sourceOf(id));
    const known = sources.map((source) => this.#known(source));
    const results =
      standIns(this.#binding, name, attributes, known) ??
      this.#binding.executeOp(name, attributes, inputs, outputs);
    const { node } = this.#push({
      kind: 'op',
      op: name,
      attributes: attributes.map((attribute) => ({ ...attribute })),
      inputs: sources,
      outputs: results.map(({ dtype, shape }) => ({ dtype, shape })),
    });
    results.forEach(({ id }, output) => this.#sources.set(id, { node, output }));
    return results;
  }

  #tensorDataSync(id: number): Float32Array | Int32Array | Uint8Array {
    const source = this.#sources.get(id);
    const node = source && this.#nodes[source.node];
    if (node !== undefined && node.kind !== 'constant') {
      const what =
        node.kind === 'op'
          ? `The output of ${node.op}`
          : `The ${node.kind === 'input' ? 'input' : 'variable'}`;
      throw new RuntimeError(
        `${what} is read back (${calledBy(READER) ?? 'dataSync'}) while the function is traced: ` +
          'a compiled program can only compute with tensors.',
      );
    }
    return this.#binding.tensorDataSync(id);
  }

  /** What a native tensor is in the recording; a tensor from before the trace becomes a constant. */
  #sourceOf(id: number): Source {
    const stale = this.#stale.get(id);
    if (stale !== undefined) {
      throw new RuntimeError(
        `The variable ${stale} is read after its update: a compiled step reads variables first.`,
      );
    }
    return this.#sources.get(id) ?? this.#capture(id);
  }

  #capture(id: number): Source {
    for (const variable of Object.values(tf.engine().registeredVariables)) {
      if (this.#backend.tensorMap.get(variable.dataId).id === id) {
        throw new RuntimeError(
          `The function uses the variable ${variable.name}: name it in the program's variables.`,
        );
      }
    }
    const [copy] = this.#binding.executeOp('Identity', [], [id], 1);
    const values = this.#binding.tensorDataSync(id);
    this.#binding.deleteTensor(copy!.id);
    const source = this.#push({ kind: 'constant', dtype: copy!.dtype, shape: copy!.shape, values });
    this.#sources.set(id, source);
    return source;
  }

  #known({ node, output }: Source): KnownInput {
    const recorded = this.#nodes[node]!;
    if (recorded.kind === 'op') return { shape: recorded.outputs[output]!.shape, values: null };
    return { shape: recorded.shape, values: recorded.kind === 'constant' ? recorded.values : null };
  }

  #place(variable: tf.Variable): number {
    const place = this.#variables.indexOf(variable);
    if (place < 0)
      throw new RuntimeError(`The variable ${variable.name} is updated: name it in the program's variables.`);
    return place;
  }

  #push(node: RecordedNode): Source {
    return { node: this.#nodes.push(node) - 1, output: 0 };
  }

  #idOf(tensor: tf.Tensor): number {
    return this.#backend.getInputTensorIds([tensor])[0]!;
  }

  #typeOf(tensor: tf.Tensor): { dtype: number; shape: readonly number[] } {
    return { dtype: this.#backend.tensorMap.get(tensor.dataId).dtype, shape: tensor.shape };
  }
}

/** Throws where tfjs is making values with a random generator of its own. */
function refuseRandom(values: ArrayLike<unknown>): void {
  if (values.length < 2 && Number.isInteger(values[0])) return;
  const maker = calledBy(RANDOM_MAKER);
  if (maker !== undefined) throw madeInJavaScript(maker);
}

const RANDOM_MAKER = /^(rand\w*|truncatedNormal|multinomial|dropout)__op$/;
const READER = /^(dataSync|data|bytesSync|bytes)$/;

function madeInJavaScript(maker: string): RuntimeError {
  return new RuntimeError(
    `Random numbers of ${maker} would be the same in every run of a compiled program: ` +
      'draw them from currentStepSeed() with a stateless op.',
  );
}

/** The innermost function on the call stack whose name matches; the name's first group. */
function calledBy(pattern: RegExp): string | undefined {
  const { stackTraceLimit, prepareStackTrace } = Error;
  Error.stackTraceLimit = 30;
  Error.prepareStackTrace = (_error, frames) => frames.map((frame) => frame.getFunctionName() ?? '');
  const names = new Error().stack as unknown as string[];
  Error.stackTraceLimit = stackTraceLimit;
  Error.prepareStackTrace = prepareStackTrace;
  for (const name of names) {
    const found = pattern.exec(name.slice(name.lastIndexOf('.') + 1))?.[1];
    if (found !== undefined) return found;
  }
  return undefined;
}
