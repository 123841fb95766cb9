import { DataType } from '../src/binding';
import type { Graph, Node, Value } from '../src/graph/graph';
import { typeOf, valueOf } from '../src/graph/graph';
import type { Size } from '../src/graph/size';
import type { Pass, Target } from '../src/passes/pass';

/** The batch size. */
export const N: Size = { base: 0, factor: 1, inverse: false };

/** An input of a graph. */
export function input(name: string, shape: readonly Size[], dtype: number = DataType.float32): Value {
  return valueOf({ kind: 'input', name, outputs: [{ dtype, shape }] });
}

/** A variable that is read. */
export function read(variable: number, shape: readonly number[]): Value {
  return valueOf({ kind: 'read', variable, outputs: [{ dtype: DataType.float32, shape }] });
}

/** A variable that is to be changed. */
export function handle(variable: number, shape: readonly number[]): Value {
  return valueOf({ kind: 'handle', variable, outputs: [{ dtype: DataType.resource, shape }] });
}

export const avx2: Target = {
  machine: { lanes: 8, avx2Alone: true, bfloat16Kernels: false, bfloat16Products: false },
  precision: 'float32',
};
export const avx512: Target = {
  machine: { lanes: 16, avx2Alone: false, bfloat16Kernels: true, bfloat16Products: false },
  precision: 'float32',
};
export const half: Target = { ...avx512, precision: 'bfloat16' };
export const halfOps: Target = { ...half, machine: { ...avx512.machine!, bfloat16Products: true } };
export const anywhere: Target = { machine: null, precision: 'float32' };

/** What a pass makes of a graph, as text. */
export function passed(pass: Pass, graph: Graph, target: Target, ...attributes: string[]): string[] {
  return shown(pass.run(graph, target, [graph]), ...attributes);
}

/**
 * A graph as text: a line for each op, with the names in `attributes` that it has, and one for each output. Types of
 * float32 are not named.
 */
export function shown({ nodes, outputs }: Graph, ...attributes: string[]): string[] {
  const ops = nodes.filter((node) => node.kind === 'op');
  const refOf = (value: Value): string => {
    const { node, output } = value;
    if (node.kind === 'input') return node.name;
    if (node.kind === 'constant') return shownConstant(value);
    if (node.kind !== 'op') return `${node.kind} ${node.variable} ${shownShape(typeOf(value).shape)}`;
    return `%${ops.indexOf(node)}${output === 0 ? '' : `:${output}`}`;
  };
  const lines = ops.map((node, i) => {
    const own = attributes.filter((name) => node.attributes[name] !== undefined);
    const list = own.map((name) => ` ${name}=${JSON.stringify(node.attributes[name])}`).join('');
    const type = node.outputs[0];
    const dtype = type?.dtype === DataType.float32 ? '' : ` ${shownType(type?.dtype)}`;
    const inputs = node.inputs.map(refOf).join(', ');
    return `%${i} = ${node.op}(${inputs})${list}${type ? `${dtype} ${shownShape(type.shape)}` : ''}`;
  });
  return [...lines, ...Object.entries(outputs).map(([name, value]) => `${name} = ${refOf(value)}`)];
}

function shownType(dtype: number | undefined): string {
  return Object.entries(DataType).find(([, number]) => number === dtype)?.[0] ?? '';
}

function shownShape(shape: readonly Size[]): string {
  return `[${shape.map(shownSize).join(', ')}]`;
}

function shownSize(size: Size): string {
  if (typeof size === 'number') return String(size);
  const factor = size.factor === 1 ? '' : String(size.factor);
  return `${factor}${size.inverse ? '/N' : 'N'}${size.base === 0 ? '' : `+${size.base}`}`;
}

function shownConstant({ node }: Value): string {
  const { values, outputs } = node as Node & { kind: 'constant' };
  const [{ shape }] = outputs;
  const isShort = values.length <= 4 && Array.from(values as ArrayLike<Size>).every(isWhole);
  if (!isShort) return `constant ${shownShape(shape)}`;
  const list = Array.from(values as ArrayLike<Size>, shownSize).join(', ');
  return shape.length === 0 ? list : `(${list})`;
}

function isWhole(size: Size): boolean {
  return typeof size !== 'number' || Number.isInteger(size);
}
