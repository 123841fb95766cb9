import { DataType } from '../binding';
import { type Attributes, dtypeOf, shapeOf, type Op, type TensorType, type Value, valueOf } from './graph';
import { isStatic, type Size } from './size';

const int32 = { type: DataType.int32 };

export function makeOp(
  op: string,
  inputs: readonly Value[],
  attributes: Attributes,
  outputs: readonly TensorType[],
): Op {
  return { kind: 'op', op, inputs, attributes, outputs };
}

/** An op of one output. Its attribute T is the output's type. */
export function opValue(
  op: string,
  inputs: readonly Value[],
  attributes: Attributes,
  { dtype, shape }: TensorType,
): Value {
  return valueOf(makeOp(op, inputs, { T: { type: dtype }, ...attributes }, [{ dtype, shape }]));
}

/** A constant; where its values depend on the batch size, it is computed in each run. */
export function constant(
  dtype: number,
  shape: readonly number[],
  values: ArrayLike<number> | readonly Size[],
): Value {
  return valueOf({ kind: 'constant', values, outputs: [{ dtype, shape }] });
}

/** Whole numbers, [n]. */
export function ints(...values: number[]): Value {
  return constant(DataType.int32, [values.length], values);
}

/** One float32 number. */
export function scalar(value: number): Value {
  return constant(DataType.float32, [], [value]);
}

export function cast(value: Value, dtype: number): Value {
  const source = dtypeOf(value);
  if (source === dtype) return value;
  const types = { SrcT: { type: source }, DstT: { type: dtype } };
  return valueOf(makeOp('Cast', [value], types, [{ dtype, shape: shapeOf(value) }]));
}

/** A value in another shape, in which one size may depend on the batch. */
export function reshape(value: Value, shape: readonly Size[]): Value {
  const target = inferredShape(shape);
  const sizes = target === null ? constant(DataType.int32, [shape.length], shape) : ints(...target);
  return opValue('Reshape', [value, sizes], { Tshape: int32 }, { dtype: dtypeOf(value), shape });
}

/** A shape with -1 for the one size that depends on the batch; null where there are several, or none can be inferred. */
export function inferredShape(shape: readonly Size[]): number[] | null {
  if (isStatic(shape)) return [...shape];
  const inferred = shape.map((size) => (typeof size === 'number' ? size : -1));
  return inferred.filter((size) => size === -1).length === 1 && !inferred.includes(0) ? inferred : null;
}

export interface Transposed {
  readonly left?: boolean;
  readonly right?: boolean;
}

/** The product of two matrices, each of them transposed before if so said. */
export function matMul(left: Value, right: Value, transposed: Transposed = {}): Value {
  const rows = shapeOf(left)[transposed.left ? 1 : 0]!;
  const columns = shapeOf(right)[transposed.right ? 0 : 1]!;
  const attributes = {
    transpose_a: transposed.left ?? false,
    transpose_b: transposed.right ?? false,
  };
  return opValue('MatMul', [left, right], attributes, { dtype: dtypeOf(left), shape: [rows, columns] });
}

/** An op on tensors of one shape, or on such a one and a scalar. */
export function elementwise(op: string, ...inputs: readonly [Value, ...Value[]]): Value {
  const shape = inputs.map(shapeOf).reduce((a, b) => (b.length > a.length ? b : a));
  return opValue(op, inputs, {}, { dtype: dtypeOf(inputs[0]), shape });
}

/** A matrix with columns of zeros behind its own, up to so many in all. */
export function padColumns(matrix: Value, columns: number): Value {
  const [rows, own] = shapeOf(matrix) as readonly [Size, number];
  const extra = constant(DataType.int32, [2, 2], [0, 0, 0, columns - own]);
  const type = { dtype: dtypeOf(matrix), shape: [rows, columns] };
  return opValue('Pad', [matrix, extra], { Tpaddings: int32 }, type);
}

/** The first columns of a matrix. */
export function sliceColumns(matrix: Value, columns: number): Value {
  const type = { dtype: dtypeOf(matrix), shape: [shapeOf(matrix)[0]!, columns] };
  return opValue('Slice', [matrix, ints(0, 0), ints(-1, columns)], { Index: int32 }, type);
}
