import { DataType, nodeBackend } from '../binding';
import { RuntimeError } from '../errors';
import { tf } from '../tensorflow';
import { generalise, type GeneralRecording, TRACE_SIZES } from './generalise';
import { GraphBuilder } from './graph-builder';
import { type NamedTensors, record } from './recorder';
import { addRecording, type Precision } from './recording-graph';
import { type Feed, Session } from './session';
import { narrowed, wideShape, wideVariables, widened } from './wide-matrices';

/** An input whose values are given in each run; 'batch' stands for the size that may change. */
export interface FedInput {
  /** What the function takes. */
  readonly dtype: 'float32' | 'int32';
  readonly shape: readonly (number | 'batch')[];
  /** What a run is given, where that is not what the function takes: bytes, which the graph turns into it. */
  readonly fed?: 'uint8';
}

/** An input that is made of a table's rows: each run is fed the rows' numbers under the name `rows`. */
export interface TableInput {
  readonly table: string;
  readonly rows: string;
  /** What the table's numbers are turned into. */
  readonly dtype: 'float32' | 'int32';
}

/** Numbers that the program holds once, such as a dataset's pixels. */
export interface Table {
  readonly values: Values;
  /** Rows first. */
  readonly shape: readonly number[];
}

/** One function of a program. */
export interface EntryPoint {
  readonly inputs: Readonly<Record<string, FedInput | TableInput>>;
  /**
   * Synchronous tfjs code. It may read and assign the program's variables, and update them with
   * `applyKerasMomentum`; random numbers come from stateless ops.
   */
  readonly fn: (inputs: NamedTensors) => NamedTensors;
  /** bfloat16 computes convolutions and large matrix products in that type, and all else in float32. */
  readonly precision?: Precision;
}

export interface ProgramOptions<Entry extends string> {
  /** All variables that any of the functions reads or changes; the program starts with their values. */
  readonly variables: readonly tf.Variable[];
  readonly tables?: Readonly<Record<string, Table>>;
  readonly entries: Readonly<Record<Entry, EntryPoint>>;
}

/** Numbers in row-major order. */
export type Values = Float32Array | Int32Array | Uint8Array;

/** Functions over shared variables that TensorFlow runs as one graph, each in a single call. */
export interface Program<Entry extends string> {
  /**
   * Runs a function. Blocks until it is done: give the event loop a turn between runs.
   *
   * @param feeds values of the fed inputs and row numbers of the tables' inputs, by name
   * @param wanted names of the outputs to compute, all if not given; each new choice costs some time once
   * @returns the function's outputs, by name
   */
  run(
    entry: Entry,
    feeds: Readonly<Record<string, Values>>,
    wanted?: readonly string[],
  ): Record<string, Values>;
  /** Copies of the variables' values, in the order of the options. */
  read(): Values[];
  /** Gives the variables new values, in the order of the options. */
  write(values: readonly Values[]): void;
  /** Frees the graph with its variables and tables. The tfjs variables stay as they are. */
  dispose(): void;
}

/**
 * Compiles tfjs functions into one TensorFlow graph.
 *
 * Each function is called at a few small batch sizes while its ops are recorded; what differs between the recordings
 * tells how the graph depends on the batch size, so that the program takes any. The variables are left as they were.
 *
 * Throws a RuntimeError that says what cannot be compiled, and in which op.
 */
export async function compile<Entry extends string>(options: ProgramOptions<Entry>): Promise<Program<Entry>> {
  const { variables, tables = {} } = options;
  const recordings = Object.entries<EntryPoint>(options.entries).map(
    ([name, entry]) => [name, entry, trace(entry, options)] as const,
  );
  const wide = wideVariables(recordings.map(([, , recording]) => recording));

  const graph = new GraphBuilder();
  const handles = variables.map((variable, i) => {
    const shape = wide.has(i) ? wideShape(variable.shape) : variable.shape;
    return addVariable(graph, `variable${i}`, dtypeNumber(variable), shape);
  });
  const tableHandles = Object.fromEntries(
    Object.entries(tables).map(([name, { values, shape }]) => [
      name,
      addVariable(graph, `table/${name}`, DataType[dtypeOf(values)], shape),
    ]),
  );

  const outputs = new Map<string, Record<string, string>>();
  for (const [name, entry, recording] of recordings) {
    outputs.set(
      name,
      addEntry(graph, name, entry, recording, { variables, handles, wide, tables, tableHandles }),
    );
  }

  const writes = variables.map((variable, i) =>
    addWrite(graph, `write/${i}`, handles[i]!, dtypeNumber(variable), wide.has(i) ? 'widened' : 'copied'),
  );
  const reads = variables.map(
    (variable, i) => addRead(graph, `read/${i}`, handles[i]!, variable, wide.has(i)).value,
  );
  const fills = Object.entries(tables).map(([name, { values }]) =>
    addWrite(graph, `fill/${name}`, tableHandles[name]!, DataType[dtypeOf(values)], 'shared'),
  );
  const written = addDone(graph, 'write/done', writes);
  const filled = addDone(graph, 'fill/done', [...writes, ...fills]);

  const session = await Session.load(graph.nodes);
  const start: Record<string, Feed> = {};
  variables.forEach((variable, i) => (start[`write/${i}`] = variable));
  for (const [name, { shape, values }] of Object.entries(tables)) {
    start[`fill/${name}`] = { dtype: dtypeOf(values), shape, values };
  }
  session.run(start, [filled]);
  return new CompiledProgram(options, session, outputs, reads, written);
}

class CompiledProgram<Entry extends string> implements Program<Entry> {
  readonly #entries: Readonly<Record<Entry, EntryPoint>>;
  readonly #variables: readonly {
    readonly name: string;
    readonly dtype: string;
    readonly shape: readonly number[];
  }[];
  readonly #session: Session;
  readonly #outputs: ReadonlyMap<string, Readonly<Record<string, string>>>;
  readonly #reads: readonly string[];
  readonly #written: string;

  constructor(
    { entries, variables }: ProgramOptions<Entry>,
    session: Session,
    outputs: ReadonlyMap<string, Readonly<Record<string, string>>>,
    reads: readonly string[],
    written: string,
  ) {
    this.#entries = entries;
    this.#variables = variables.map(({ name, dtype, shape }) => ({ name, dtype, shape: [...shape] }));
    this.#session = session;
    this.#outputs = outputs;
    this.#reads = reads;
    this.#written = written;
  }

  run(
    entry: Entry,
    feeds: Readonly<Record<string, Values>>,
    wanted?: readonly string[],
  ): Record<string, Values> {
    const outputs = this.#outputs.get(entry);
    if (outputs === undefined) throw new RuntimeError(`The program has no entry point ${entry}.`);
    const given: Record<string, Feed> = {};
    for (const [name, { dtype, shape, fed }] of fedInputs(this.#entries[entry])) {
      const values = feeds[name];
      if (values === undefined) throw new RuntimeError(`The entry point ${entry} needs the input ${name}.`);
      given[`${entry}/in/${name}`] = {
        dtype: fed ?? dtype,
        shape: shapeFor(name, shape, values.length),
        values,
      };
    }
    const names = wanted ?? Object.keys(outputs);
    const nodes = names.map((name) => {
      const node = outputs[name];
      if (node === undefined) throw new RuntimeError(`The entry point ${entry} has no output ${name}.`);
      return node;
    });
    const results = this.#session.run(given, nodes);
    return Object.fromEntries(names.map((name, i) => [name, results[i]!]));
  }

  read(): Values[] {
    return this.#session.run({}, this.#reads);
  }

  write(values: readonly Values[]): void {
    if (values.length !== this.#variables.length) {
      throw new RuntimeError(`The program has ${this.#variables.length} variables, not ${values.length}.`);
    }
    const feeds: Record<string, Feed> = {};
    this.#variables.forEach(({ dtype, shape }, i) => {
      feeds[`write/${i}`] = { dtype: dtype as 'float32', shape, values: values[i]! };
    });
    this.#session.run(feeds, [this.#written]);
  }

  dispose(): void {
    this.#session.dispose();
  }
}

/** What a function does, for any batch size if its inputs have one. */
export function trace(
  { inputs, fn }: EntryPoint,
  { variables, tables = {} }: Pick<ProgramOptions<string>, 'variables' | 'tables'>,
): GeneralRecording {
  const anySize = Object.values(inputs).some((input) => 'table' in input || input.shape.includes('batch'));
  const recordings = (anySize ? TRACE_SIZES : [1]).map((size) => {
    const samples: NamedTensors = {};
    for (const [name, input] of Object.entries(inputs)) {
      samples[name] =
        'table' in input ? someRows(tables[input.table]!, size, input.dtype) : zeros(input, size);
    }
    try {
      return record(fn, samples, variables);
    } finally {
      tf.dispose(samples);
    }
  });
  return anySize ? generalise(recordings) : recordings[0]!;
}

function someRows({ values, shape }: Table, rows: number, dtype: 'float32' | 'int32'): tf.Tensor {
  const [available, ...rest] = shape as [number, ...number[]];
  const length = rest.reduce((product, size) => product * size, 1);
  const chosen = new Float32Array(rows * length);
  for (let row = 0; row < rows; row++) {
    const from = (row % available) * length;
    chosen.set(values.subarray(from, from + length), row * length);
  }
  return tf.tensor(dtype === 'int32' ? Int32Array.from(chosen) : chosen, [rows, ...rest], dtype);
}

function zeros({ dtype, shape }: FedInput, batch: number): tf.Tensor {
  return tf.zeros(
    shape.map((size) => (size === 'batch' ? batch : size)),
    dtype,
  );
}

interface EntrySurroundings {
  readonly variables: readonly tf.Variable[];
  readonly handles: readonly string[];
  /** Places of the variables that are kept with extra columns. */
  readonly wide: ReadonlySet<number>;
  readonly tables: Readonly<Record<string, Table>>;
  readonly tableHandles: Readonly<Record<string, string>>;
}

function addEntry(
  graph: GraphBuilder,
  prefix: string,
  entry: EntryPoint,
  recording: GeneralRecording,
  { variables, handles, wide, tables, tableHandles }: EntrySurroundings,
): Record<string, string> {
  let batchSize: string | null = null;
  for (const [name, { dtype, shape, fed = dtype }] of fedInputs(entry)) {
    const placeholder = graph.add(`${prefix}/in/${name}`, 'Placeholder', [], {
      dtype: { type: DataType[fed] },
      shape: { shape: shape.map((size) => (size === 'batch' ? -1 : size)) },
    });
    const axis = shape.indexOf('batch');
    if (axis >= 0) batchSize ??= graph.addSize(`${prefix}/batch_size`, placeholder, DataType[fed], axis);
  }
  const inputs = Object.fromEntries(
    Object.entries(entry.inputs).map(([name, input]) => {
      const cast = (values: string, from: keyof typeof DataType): string => {
        if (from === input.dtype) return values;
        const types = { SrcT: { type: DataType[from] }, DstT: { type: DataType[input.dtype] } };
        return graph.add(`${prefix}/cast/${name}`, 'Cast', [values], types);
      };
      if (!('table' in input)) return [name, cast(`${prefix}/in/${name}`, input.fed ?? input.dtype)];
      const dtype = dtypeOf(tables[input.table]!.values);
      const rows = graph.add(
        `${prefix}/rows/${name}`,
        'ResourceGather',
        [tableHandles[input.table]!, `${prefix}/in/${input.rows}`],
        { dtype: { type: DataType[dtype] }, Tindices: { type: DataType.int32 } },
      );
      return [name, cast(rows, dtype)];
    }),
  );
  const values = variables.map((variable, i) => ({
    handle: handles[i]!,
    ...addRead(graph, `${prefix}/read/${i}`, handles[i]!, variable, wide.has(i)),
  }));
  return addRecording(recording, {
    graph,
    prefix,
    inputs,
    variables: values,
    batchSize,
    precision: entry.precision,
  });
}

/** The inputs that a run feeds: those of the function itself and the numbers of the tables' rows. */
function fedInputs({ inputs }: EntryPoint): Map<string, FedInput> {
  const fed = new Map<string, FedInput>();
  for (const [name, input] of Object.entries(inputs)) {
    if ('table' in input) fed.set(input.rows, { dtype: 'int32', shape: ['batch'] });
    else fed.set(name, input);
  }
  return fed;
}

function addVariable(graph: GraphBuilder, name: string, dtype: number, shape: readonly number[]): string {
  return graph.add(name, 'VarHandleOp', [], {
    dtype: { type: dtype },
    shape: { shape },
    shared_name: name,
    container: '',
  });
}

/** Adds nodes that read a variable; what is kept with extra columns is read with and without them. */
function addRead(
  graph: GraphBuilder,
  name: string,
  handle: string,
  variable: tf.Variable,
  isWide: boolean,
): { value: string; wide: string | null } {
  const read = graph.add(isWide ? `${name}/wide` : name, 'ReadVariableOp', [handle], {
    dtype: { type: dtypeNumber(variable) },
  });
  if (!isWide) return { value: read, wide: null };
  return { value: graph.add(name, ...narrowed(graph, read, variable.shape[1]!)), wide: read };
}

/**
 * Adds a node that sets a variable to a fed value.
 *
 * @param memory whether the variable gets memory of its own, for the value as it is or with extra columns. Otherwise it
 *   may share memory of JavaScript, which only the JavaScript thread may give back: right for values that no op ever
 *   replaces.
 */
function addWrite(
  graph: GraphBuilder,
  name: string,
  handle: string,
  dtype: number,
  memory: 'copied' | 'widened' | 'shared',
): string {
  const types = { dtype: { type: dtype } };
  const placeholder = graph.add(name, 'Placeholder', [], types);
  const values = {
    copied: () => graph.add(`${name}/copy`, 'DeepCopy', [placeholder], { T: { type: dtype } }),
    widened: () => graph.add(`${name}/wide`, ...widened(graph, placeholder)),
    shared: () => placeholder,
  };
  return graph.add(`${name}/assign`, 'AssignVariableOp', [handle, values[memory]()], types);
}

/** A value that can only be fetched when all of the nodes have run. */
function addDone(graph: GraphBuilder, name: string, nodes: readonly string[]): string {
  const inputs = [graph.int(0), ...nodes.map((node) => `^${node}`)];
  return graph.add(name, 'Identity', inputs, { T: { type: DataType.int32 } });
}

function dtypeOf(values: Values): 'float32' | 'int32' | 'uint8' {
  if (values instanceof Float32Array) return 'float32';
  return values instanceof Int32Array ? 'int32' : 'uint8';
}

function shapeFor(name: string, shape: readonly (number | 'batch')[], length: number): number[] {
  const fixed = shape.reduce<number>((product, size) => (size === 'batch' ? product : product * size), 1);
  const batch = shape.includes('batch') ? length / fixed : 1;
  if (!Number.isInteger(batch) || batch * fixed !== length) {
    throw new RuntimeError(`The input ${name} of shape [${shape}] cannot have ${length} values.`);
  }
  return shape.map((size) => (size === 'batch' ? batch : size));
}

/** The type of a variable, as a number of TensorFlow's. */
export function dtypeNumber(variable: tf.Variable): number {
  return nodeBackend().tensorMap.get(variable.dataId).dtype;
}
