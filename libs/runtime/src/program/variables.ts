import { DataType, nodeBackend } from '../binding';
import { type Graph, type Handle, type TensorType, type Value, valueOf } from '../graph/graph';
import { graphOf } from '../graph/graph-of';
import { constant, makeOp, opValue, padColumns, sliceColumns } from '../graph/ops';
import type { tf } from '../tensorflow';

/** A variable of a program. */
export interface StoredVariable {
  /** Its type for whoever reads and writes it. */
  readonly type: TensorType;
  /** Its type in the program, which may have more columns. */
  readonly stored: TensorType;
  /**
   * Whether it gets memory of its own. Otherwise it may share memory of JavaScript, which only the JavaScript thread may
   * give back: right for values that no op ever replaces.
   */
  readonly copied: boolean;
}

/** A variable's type as TensorFlow knows it. */
export function variableType(variable: tf.Variable): TensorType {
  return { dtype: nodeBackend().tensorMap.get(variable.dataId).dtype, shape: variable.shape };
}

/** The shapes in which variables are stored by those functions of a program that read or change them. */
export function storedShapes(graphs: readonly Graph[]): ReadonlyMap<number, TensorType['shape']> {
  const shapes = new Map<number, TensorType['shape']>();
  for (const node of graphs.flatMap(({ nodes }) => nodes)) {
    if (node.kind === 'read' || node.kind === 'handle') shapes.set(node.variable, node.outputs[0].shape);
  }
  return shapes;
}

/** A function that gives the values of variables, each as the output of its number. */
export function readAll(variables: readonly StoredVariable[]): Graph {
  const reads = variables.map(({ type, stored }, variable): Value => {
    const read = valueOf({ kind: 'read', variable, outputs: [stored] });
    return isWide({ type, stored }) ? sliceColumns(read, type.shape[1] as number) : read;
  });
  return graphOf(Object.fromEntries(reads.map((read, i) => [String(i), read])));
}

/** A function that sets variables, of which the first is that of the number `from`, to inputs of their numbers. */
export function writeAll(variables: readonly StoredVariable[], from = 0): Graph {
  const updates = variables.map(({ type, stored, copied }, i) => {
    const variable = from + i;
    const input = valueOf({ kind: 'input', name: String(variable), outputs: [type] });
    const handle: Handle = { kind: 'handle', variable, outputs: [{ ...stored, dtype: DataType.resource }] };
    const value = isWide({ type, stored })
      ? padColumns(input, stored.shape[1] as number)
      : copied
        ? opValue('DeepCopy', [input], {}, type)
        : input;
    return makeOp('AssignVariableOp', [valueOf(handle), value], { dtype: { type: type.dtype } }, []);
  });
  return graphOf({ done: constant(DataType.int32, [], [0]) }, updates);
}

function isWide({ type, stored }: Pick<StoredVariable, 'type' | 'stored'>): boolean {
  return type.shape[1] !== stored.shape[1];
}
