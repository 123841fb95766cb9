import { DataType } from '../binding';
import { RuntimeError } from '../errors';
import { dtypeOf, fedInputs, lowerEntryPoint } from './entry-point';
import { GraphBuilder } from '../lower/graph-builder';
import { lower } from '../lower/lower';
import { thisMachine } from '../passes/pass';
import { optimise } from '../passes/pipeline';
import type { PassReport } from '../passes/report';
import type { tf } from '../tensorflow';
import type { EntryPoint, Table, Values } from '../trace/entry-point';
import { trace } from '../trace/trace';
import { type Feed, Session } from './session';
import { readAll, type StoredVariable, storedShapes, variableType, writeAll } from './variables';

export interface ProgramOptions<Entry extends string> {
  /** All variables that any of the functions reads or changes; the program starts with their values. */
  readonly variables: readonly tf.Variable[];
  readonly tables?: Readonly<Record<string, Table>>;
  readonly entries: Readonly<Record<Entry, EntryPoint>>;
}

/** Functions over shared variables that TensorFlow runs as one graph, each in a single call. */
export interface Program<Entry extends string> {
  /** What each of the compiler's passes did to each function, in the passes' order; `explain` makes text of it. */
  readonly passes: readonly PassReport[];
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
 * Throws a RuntimeError that says what cannot be compiled, and in which op; a SettingError where
 * LABEL_RELAXATION_PASSES_OFF names no pass.
 */
export async function compile<Entry extends string>(options: ProgramOptions<Entry>): Promise<Program<Entry>> {
  const { variables, tables = {} } = options;
  const entries = Object.entries<EntryPoint>(options.entries);
  const machine = thisMachine();
  const { functions, reports } = optimise(
    entries.map(([name, entry]) => ({
      name,
      target: { machine, precision: entry.precision ?? 'float32' },
      graph: trace(entry, options),
    })),
  );

  const graphs = functions.map(({ graph }) => graph);
  const shapes = storedShapes(graphs);
  const stored = variables.map((variable, i): StoredVariable => {
    const type = variableType(variable);
    return { type, stored: { ...type, shape: shapes.get(i) ?? type.shape }, copied: true };
  });
  const held = Object.values(tables).map(({ values, shape }): StoredVariable => {
    const type = { dtype: DataType[dtypeOf(values)], shape };
    return { type, stored: type, copied: false };
  });
  const builder = new GraphBuilder();
  const names = [
    ...variables.map((_, i) => `variable${i}`),
    ...Object.keys(tables).map((name) => `table/${name}`),
  ];
  const handles = [...stored, ...held].map(({ stored: { dtype, shape } }, i) =>
    builder.addVariable(names[i]!, dtype, shape as readonly number[]),
  );
  const tableHandles = Object.fromEntries(
    Object.keys(tables).map((name, i) => [name, handles[stored.length + i]!]),
  );
  const outputs = new Map(
    functions.map(({ name, graph }, i) => {
      const surroundings = { handles, tables, tableHandles };
      return [name, lowerEntryPoint(builder, name, entries[i]![1], graph, surroundings)];
    }),
  );
  const surroundings = { builder, handles, batchSize: null };
  const reads = lower(readAll(stored), { ...surroundings, prefix: 'read', inputs: {} });
  const addWrite = (prefix: string, of: readonly StoredVariable[], from: number): string => {
    const inputs = Object.fromEntries(
      of.map(({ type }, i) => [
        String(from + i),
        builder.add(`${prefix}/${from + i}`, 'Placeholder', [], { dtype: { type: type.dtype } }),
      ]),
    );
    return lower(writeAll(of, from), { ...surroundings, prefix: `${prefix}/all`, inputs })['done']!;
  };
  const written = addWrite('write', stored, 0);
  const filled = addWrite('fill', held, stored.length);

  const session = await Session.load(builder.nodes);
  const start = Object.fromEntries(variables.map((variable, i): [string, Feed] => [`write/${i}`, variable]));
  session.run(start, [written]);
  const fill = Object.values(tables).map(({ shape, values }, i): [string, Feed] => [
    `fill/${stored.length + i}`,
    { dtype: dtypeOf(values), shape, values },
  ]);
  session.run(Object.fromEntries(fill), [filled]);
  return new CompiledProgram(options, session, outputs, Object.values(reads), written, reports);
}

class CompiledProgram<Entry extends string> implements Program<Entry> {
  readonly passes: readonly PassReport[];
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
    passes: readonly PassReport[],
  ) {
    this.passes = passes;
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

function shapeFor(name: string, shape: readonly (number | 'batch')[], length: number): number[] {
  const fixed = shape.reduce<number>((product, size) => (size === 'batch' ? product : product * size), 1);
  const batch = shape.includes('batch') ? length / fixed : 1;
  if (!Number.isInteger(batch) || batch * fixed !== length) {
    throw new RuntimeError(`The input ${name} of shape [${shape}] cannot have ${length} values.`);
  }
  return shape.map((size) => (size === 'batch' ? batch : size));
}
