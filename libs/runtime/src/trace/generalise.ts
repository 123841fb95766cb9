import { RuntimeError } from '../errors';
import type { Size } from '../graph/size';
import type {
  RecordedConstant,
  RecordedInput,
  RecordedNode,
  RecordedOp,
  RecordedRead,
  Recording,
} from './recording';

/** A constant for any batch size. Where its shape depends on the batch, `values` is one value for all elements. */
export interface GeneralConstant {
  readonly kind: 'constant';
  readonly dtype: number;
  readonly shape: readonly Size[];
  readonly values: ArrayLike<number> | readonly Size[];
}

export interface GeneralInput extends Omit<RecordedInput, 'shape'> {
  readonly shape: readonly Size[];
}

export interface GeneralOp extends Omit<RecordedOp, 'outputs'> {
  readonly outputs: readonly { readonly dtype: number; readonly shape: readonly Size[] }[];
}

export type GeneralNode = GeneralConstant | GeneralInput | RecordedRead | GeneralOp;

/** What a function does with a batch of any size. */
export interface GeneralRecording extends Omit<Recording, 'nodes'> {
  readonly nodes: readonly GeneralNode[];
}

/** The batch sizes to trace at: three tell base + factor * N from base + factor / N. */
export const TRACE_SIZES = [2, 3, 5] as const;

/**
 * Makes one recording for any batch size from recordings at `TRACE_SIZES`.
 *
 * The ops and what they are applied to must be the same in all of them, and each number must follow the batch size in
 * one of the two ways of a `BatchNumber`; throws a RuntimeError that names the op where that isn't so.
 */
export function generalise(recordings: readonly Recording[]): GeneralRecording {
  const [first, ...others] = recordings as readonly [Recording, ...Recording[]];
  for (const other of others) {
    if (other.nodes.length !== first.nodes.length || !same(other.updates, first.updates)) {
      throw new RuntimeError(
        'The function calls other ops when the batch size changes: it cannot be compiled.',
      );
    }
    if (!same(other.outputs, first.outputs)) {
      throw new RuntimeError(
        'The function gives other outputs when the batch size changes: it cannot be compiled.',
      );
    }
  }
  const nodes = first.nodes.map((_, i) => generalNode(recordings.map(({ nodes }) => nodes[i]!)));
  return { ...first, nodes };
}

function generalNode(nodes: readonly RecordedNode[]): GeneralNode {
  const [first] = nodes as readonly [RecordedNode];
  const kinds = nodes.map((node) => (node.kind === 'op' ? node.op : node.kind));
  if (new Set(kinds).size > 1) {
    throw new RuntimeError(
      `The function calls ${kinds.join(' or ')} depending on the batch size: it cannot be compiled.`,
    );
  }
  switch (first.kind) {
    case 'read':
      return first;
    case 'input':
      return { ...first, shape: sizes(shapes(nodes as readonly RecordedInput[]), `the input ${first.name}`) };
    case 'constant':
      return generalConstant(nodes as readonly RecordedConstant[]);
    case 'op':
      return generalOp(nodes as readonly RecordedOp[]);
  }
}

function generalOp(ops: readonly RecordedOp[]): GeneralOp {
  const [first] = ops as readonly [RecordedOp];
  for (const { attributes, inputs } of ops) {
    if (!same(inputs, first.inputs)) {
      throw new RuntimeError(
        `${first.op} takes other inputs when the batch size changes: it cannot be compiled.`,
      );
    }
    if (!same(attributes, first.attributes)) {
      throw new RuntimeError(`An attribute of ${first.op} depends on the batch size: it cannot be compiled.`);
    }
  }
  const outputs = first.outputs.map(({ dtype }, i) => ({
    dtype,
    shape: sizes(shapes(ops.map(({ outputs }) => outputs[i]!)), `an output of ${first.op}`),
  }));
  return { ...first, outputs };
}

function generalConstant(constants: readonly RecordedConstant[]): GeneralConstant {
  const [first] = constants as readonly [RecordedConstant];
  const what = `a constant of shape [${first.shape}]`;
  const shape = sizes(shapes(constants), what);
  if (shape.every((size) => typeof size === 'number')) {
    const unchanged = constants.every(({ values }) => sameValues(values, first.values));
    const values = unchanged
      ? first.values
      : sizes(
          constants.map(({ values }) => values),
          what,
        );
    return { kind: 'constant', dtype: first.dtype, shape, values };
  }
  for (const { values } of constants) {
    for (let i = 1; i < values.length; i++) {
      if (values[i] !== values[0]) {
        throw new RuntimeError(
          `The values of ${what} depend on the batch size: make it of ops on the inputs.`,
        );
      }
    }
  }
  const value = sizes(
    constants.map(({ values }) => [values[0]!]),
    what,
  );
  return { kind: 'constant', dtype: first.dtype, shape, values: value };
}

function shapes(all: readonly { readonly shape: readonly number[] }[]): readonly (readonly number[])[] {
  return all.map(({ shape }) => shape);
}

/** Number by number, how equally long lists depend on the batch size. */
function sizes(lists: readonly ArrayLike<number>[], what: string): Size[] {
  const [first] = lists as readonly [ArrayLike<number>];
  if (lists.some(({ length }) => length !== first.length)) {
    throw new RuntimeError(`The rank of ${what} depends on the batch size: it cannot be compiled.`);
  }
  return Array.from(first, (_, i) =>
    sizeOf(
      lists.map((list) => list[i]!),
      what,
    ),
  );
}

function sizeOf(values: readonly number[], what: string): Size {
  const [first, second] = values as readonly [number, number];
  if (values.every((value) => value === first)) return first;
  const scale = Math.max(...values.map(Math.abs));
  for (const inverse of [false, true]) {
    const positions = TRACE_SIZES.map((size) => (inverse ? 1 / size : size));
    const factor = (second - first) / (positions[1]! - positions[0]!);
    const base = first - factor * positions[0]!;
    if (values.every((value, i) => Math.abs(base + factor * positions[i]! - value) <= 1e-6 * scale)) {
      return { base: Math.abs(base) <= 1e-6 * scale ? 0 : tidied(base), factor: tidied(factor), inverse };
    }
  }
  throw new RuntimeError(
    `A number in ${what} depends on the batch size in an unknown way: it cannot be compiled.`,
  );
}

/** Takes back the rounding of whole numbers that were float32 when they were recorded. */
function tidied(value: number): number {
  const nearest = Math.round(value);
  return Math.abs(value - nearest) <= 1e-6 * Math.abs(value) ? nearest : value;
}

function sameValues(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return false;
  return true;
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
