import { DataType } from '../binding';
import type { Size } from './size';

/** Type of a tensor: TensorFlow's number of its numbers' type, and its shape. */
export interface TensorType {
  readonly dtype: number;
  readonly shape: readonly Size[];
}

/** An output of a node. */
export interface Value {
  readonly node: Node;
  readonly output: number;
}

/** An op's attribute; strings and booleans stand for themselves. */
export type Attribute =
  | string
  | boolean
  | { readonly int: number | readonly number[] }
  | { readonly float: number | readonly number[] }
  | { readonly type: number }
  | { readonly shape: readonly number[] };

export type Attributes = Readonly<Record<string, Attribute>>;

/** Values that are known. Where the shape depends on the batch, `values` is one value for all elements. */
export interface Constant {
  readonly kind: 'constant';
  readonly values: ArrayLike<number> | readonly Size[];
  readonly outputs: readonly [TensorType];
}

/** One of the function's inputs. */
export interface Input {
  readonly kind: 'input';
  readonly name: string;
  readonly outputs: readonly [TensorType];
}

/** A variable's value before all updates; `variable` is its place in the program's list. */
export interface Read {
  readonly kind: 'read';
  readonly variable: number;
  readonly outputs: readonly [TensorType];
}

/** A variable as what an op changes: a resource, with the shape that is stored. */
export interface Handle {
  readonly kind: 'handle';
  readonly variable: number;
  readonly outputs: readonly [TensorType];
}

/** A TensorFlow op. One that takes a handle runs after the variable's `Read`. */
export interface Op {
  readonly kind: 'op';
  readonly op: string;
  readonly inputs: readonly Value[];
  readonly attributes: Attributes;
  readonly outputs: readonly TensorType[];
}

/** Nodes never change: what is to be different is another node. */
export type Node = Constant | Input | Read | Handle | Op;

/** What a function computes, for a batch of any size. */
export interface Graph {
  /** Each node after its inputs. */
  readonly nodes: readonly Node[];
  readonly outputs: Readonly<Record<string, Value>>;
  /** The ops that change variables; whoever takes an output has all of them done. */
  readonly updates: readonly Op[];
}

/** A node's output, the first if none is named. */
export function valueOf(node: Node, output = 0): Value {
  return { node, output };
}

export function typeOf({ node, output }: Value): TensorType {
  return node.outputs[output]!;
}

export function dtypeOf(value: Value): number {
  return typeOf(value).dtype;
}

export function shapeOf(value: Value): readonly Size[] {
  return typeOf(value).shape;
}

export function isSame(a: Value, b: Value): boolean {
  return a.node === b.node && a.output === b.output;
}

/** Adds a node, after its inputs, to those that are in order. */
export function addInOrder(node: Node, nodes: Set<Node>): void {
  if (nodes.has(node)) return;
  if (node.kind === 'op') for (const input of node.inputs) addInOrder(input.node, nodes);
  nodes.add(node);
}

/** Places of the variables that an op may change. */
export function changedVariables({ inputs }: Op): number[] {
  return inputs.flatMap(({ node }) => (node.kind === 'handle' ? [node.variable] : []));
}

/** The op that computes a value, if it has one of these names. */
export function opOf({ node }: Value, ...names: string[]): Op | null {
  return node.kind === 'op' && names.includes(node.op) ? node : null;
}

/** The type that an op's attribute names; null where there is no such attribute. */
export function typeAttribute({ attributes }: Op, name: string): number | null {
  const attribute = attributes[name];
  return typeof attribute === 'object' && 'type' in attribute ? attribute.type : null;
}

/** A value before it was cast between float32 and bfloat16: the same numbers but for rounding. */
export function uncast(value: Value): Value {
  const cast = opOf(value, 'Cast');
  if (cast === null) return value;
  const isFloat = (dtype: number): boolean => dtype === DataType.float32 || dtype === DataType.bfloat16;
  const source = cast.inputs[0]!;
  return isFloat(dtypeOf(source)) && isFloat(dtypeOf(value)) ? uncast(source) : value;
}
