import { DataType } from '../binding';
import type { Graph } from '../graph/graph';
import type { EntryPoint, FedInput, Table, Values } from '../trace/entry-point';
import type { GraphBuilder } from '../lower/graph-builder';
import { lower } from '../lower/lower';

/** What an entry point finds in a program. */
export interface EntrySurroundings {
  /** The node of each variable's handle. */
  readonly handles: readonly string[];
  readonly tables: Readonly<Record<string, Table>>;
  /** The node of each table's handle. */
  readonly tableHandles: Readonly<Record<string, string>>;
}

/**
 * Adds a function with what it is fed: a placeholder for each fed input, named by the prefix, `in` and its own name.
 *
 * @returns the node of each output
 */
export function lowerEntryPoint(
  builder: GraphBuilder,
  prefix: string,
  entry: EntryPoint,
  graph: Graph,
  { handles, tables, tableHandles }: EntrySurroundings,
): Record<string, string> {
  let batchSize: string | null = null;
  for (const [name, { dtype, shape, fed = dtype }] of fedInputs(entry)) {
    const placeholder = builder.add(`${prefix}/in/${name}`, 'Placeholder', [], {
      dtype: { type: DataType[fed] },
      shape: { shape: shape.map((size) => (size === 'batch' ? -1 : size)) },
    });
    const axis = shape.indexOf('batch');
    if (axis >= 0) batchSize ??= builder.addSize(`${prefix}/batch_size`, placeholder, DataType[fed], axis);
  }
  const inputs = Object.fromEntries(
    Object.entries(entry.inputs).map(([name, input]) => {
      const cast = (values: string, from: keyof typeof DataType): string => {
        if (from === input.dtype) return values;
        const types = { SrcT: { type: DataType[from] }, DstT: { type: DataType[input.dtype] } };
        return builder.add(`${prefix}/cast/${name}`, 'Cast', [values], types);
      };
      if (!('table' in input)) return [name, cast(`${prefix}/in/${name}`, input.fed ?? input.dtype)];
      const dtype = dtypeOf(tables[input.table]!.values);
      const rows = builder.add(
        `${prefix}/rows/${name}`,
        'ResourceGather',
        [tableHandles[input.table]!, `${prefix}/in/${input.rows}`],
        { dtype: { type: DataType[dtype] }, Tindices: { type: DataType.int32 } },
      );
      return [name, cast(rows, dtype)];
    }),
  );
  return lower(graph, { builder, prefix, inputs, handles, batchSize });
}

/** The inputs that a run feeds: those of the function itself and the numbers of the tables' rows. */
export function fedInputs({ inputs }: EntryPoint): Map<string, FedInput> {
  const fed = new Map<string, FedInput>();
  for (const [name, input] of Object.entries(inputs)) {
    if ('table' in input) fed.set(input.rows, { dtype: 'int32', shape: ['batch'] });
    else fed.set(name, input);
  }
  return fed;
}

/** The name of the type of some numbers. */
export function dtypeOf(values: Values): 'float32' | 'int32' | 'uint8' {
  if (values instanceof Float32Array) return 'float32';
  return values instanceof Int32Array ? 'int32' : 'uint8';
}
