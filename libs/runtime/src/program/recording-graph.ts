import { DataType } from '../binding';
import { nativeLanes, UNIFORM } from '../native-ops';
import { Bfloat16 } from './bfloat16';
import { ConvolutionProducts } from './convolution-products';
import { DenseBackward } from './dense-backward';
import {
  dtypeOf,
  type GeneralConstant,
  type GeneralNode,
  type GeneralOp,
  type GeneralRecording,
  isMatrixProduct,
  shapeOf,
  type Size,
} from './generalise';
import { type AddNode, BatchNumbers, type GraphBuilder, nodeAttribute } from './graph-builder';
import type { NodeAttribute } from './graph-def';
import type { RecordedUpdate, Source } from './recording';
import { SharedStatistics } from './shared-statistics';
import { WideMatrices } from './wide-matrices';
import { Winograd } from './winograd';

/** Type of the heavy computations. */
export type Precision = 'float32' | 'bfloat16';

/** What stands for a variable. */
export interface GraphVariable {
  /** The node of its value. */
  readonly value: string;
  /** The node of its value with extra columns, where the program keeps it so. */
  readonly wide: string | null;
  /** The node of its handle; null where it can't be changed. */
  readonly handle: string | null;
}

/** Where a recording meets the rest of the graph. */
export interface Surroundings {
  readonly graph: GraphBuilder;
  /** Start of the names of all nodes that are added. */
  readonly prefix: string;
  /** The node of each function input. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly variables: readonly GraphVariable[];
  /** int32 scalar: the batch size; null where nothing depends on it. */
  readonly batchSize: string | null;
  /** bfloat16 computes convolutions and large matrix products in that type. */
  readonly precision?: Precision;
  /** Whether convolutions may become what is faster on this machine's processor, default true. */
  readonly forThisMachine?: boolean;
}

/**
 * Adds a recording to a graph, as far as its outputs and updates need it.
 *
 * @returns the node of each output; whoever fetches one has all updates done
 */
export function addRecording(
  recording: GeneralRecording,
  surroundings: Surroundings,
): Record<string, string> {
  const {
    graph,
    prefix,
    inputs,
    variables,
    batchSize,
    precision = 'float32',
    forThisMachine = true,
  } = surroundings;
  const batchNumbers = batchSize === null ? null : new BatchNumbers(graph, prefix, batchSize);
  const needed = neededNodes(recording);
  /** A recorded node's first output, or each of them. */
  const refs = new Map<number, string | readonly string[]>();
  const half = precision === 'bfloat16' ? new Bfloat16(graph, prefix) : null;
  const add: AddNode = (...added) => {
    const [name, op, operands, attributes] = added;
    return half?.add(...added) ?? graph.add(name, op, operands, attributes);
  };
  const products = forThisMachine ? new ConvolutionProducts(graph, add, recording, half !== null) : null;
  const lanes = forThisMachine ? nativeLanes() : null;
  const floatLanes = half === null ? lanes : null;
  const winograd = floatLanes && new Winograd(graph, floatLanes);
  const dense = floatLanes && new DenseBackward(graph, prefix, recording, needed, floatLanes);
  const wide = new WideMatrices(graph, add);
  for (const variable of variables) if (variable.wide !== null) wide.set(variable.value, variable.wide);
  const wideGradients = new Set(
    recording.updates.flatMap((update) =>
      update.kind === 'momentum' && variables[update.variable]!.wide !== null ? [update.gradient.node] : [],
    ),
  );

  const constantNode = (node: GeneralConstant, name: string): string => {
    const { dtype, shape, values } = node;
    if (isStatic(shape) && isStatic(values)) return graph.constant(dtype, shape, values);
    if (isStatic(shape)) {
      const vector = batchNumbers!.values(dtype, values as readonly Size[], shape.length === 0);
      return shape.length < 2 ? vector : reshaped(graph, name, vector, dtype, shape);
    }
    const value = values[0] as Size;
    const scalar = isStatic([value])
      ? graph.constant(dtype, [], [value as number])
      : batchNumbers!.values(dtype, [value], true);
    return graph.add(name, 'Fill', [batchNumbers!.values(DataType.int32, shape), scalar], {
      T: { type: dtype },
      index_type: { type: DataType.int32 },
    });
  };

  const refOf = ({ node, output }: Source): string => {
    const name = refs.get(node)!;
    if (typeof name !== 'string') return name[output]!;
    return output === 0 ? name : `${name}:${output}`;
  };
  const finalRef = (source: Source): string => half?.asFloat(refOf(source)) ?? refOf(source);

  const statistics = new SharedStatistics(graph, prefix, recording.nodes, finalRef);

  recording.nodes.forEach((node, i) => {
    if (!needed.has(i)) return;
    if (node.kind === 'input') refs.set(i, inputs[node.name]!);
    if (node.kind === 'read') refs.set(i, variables[node.variable]!.value);
    if (node.kind === 'constant') refs.set(i, constantNode(node, `${prefix}/${i}`));
  });
  recording.nodes.forEach((node, i) => {
    if (!needed.has(i) || node.kind !== 'op') return;
    const name = `${prefix}/${i}`;
    const backward = dense?.addFor(i, { ref: finalRef, variables }) ?? null;
    if (backward !== null) {
      refs.set(i, backward);
      return;
    }
    if (isBiasGradientBeforeBatchNorm(node, recording.nodes)) {
      const [channels] = node.outputs[0]!.shape as [number];
      refs.set(i, graph.constant(DataType.float32, [channels], new Float32Array(channels)));
      return;
    }
    const { op, attributes } = plainOp(node, recording.nodes);
    const operands = node.inputs.map(refOf);
    const target = op === 'Reshape' ? inferredShape(recording.nodes[node.inputs[1]!.node]!) : null;
    if (target !== null) operands[1] = graph.constant(DataType.int32, [target.length], target);
    const opName = `${name}_${op}`;
    if (lanes !== null && isUniform(op, attributes)) {
      refs.set(i, graph.add(opName, UNIFORM, operands));
      return;
    }
    if (isNoCast(attributes, op)) {
      refs.set(i, operands[0]!);
      return;
    }
    const added = [opName, op, operands, attributes, shapesOf(node, recording.nodes)] as const;
    const shared = half?.takes(...added) ? null : statistics.addBatchNorm(opName, node, attributes);
    if (shared !== null) {
      refs.set(i, shared);
      return;
    }
    const ref =
      wide.addProduct(wideGradients.has(i), ...added) ??
      winograd?.addOp(...added) ??
      products?.addOp(node, ...added) ??
      add(...added);
    statistics.keep(node, ref);
    refs.set(i, ref);
  });

  const updates = recording.updates.map((update, i) => {
    const made = dense?.updateOf(update);
    if (made !== undefined) return made;
    const name = `${prefix}/update${i}`;
    const { value, handle, wide: wideValue } = variables[update.variable]!;
    const isRead = `^${wideValue ?? value}`;
    const stored = (source: Source): string => {
      if (wideValue === null) return finalRef(source);
      const ref = wide.widened(refOf(source), shapeOf(recording.nodes, source));
      return half?.asFloat(ref) ?? ref;
    };
    if (update.kind === 'assign') {
      const attributes = { dtype: { type: DataType.float32 }, validate_shape: false };
      return graph.add(name, 'AssignVariableOp', [handle!, stored(update.value), isRead], attributes);
    }
    const velocity = variables[update.velocity]!;
    const momentum = graph.constant(DataType.float32, [], [update.momentum]);
    return graph.add(
      name,
      'ResourceApplyKerasMomentum',
      [handle!, velocity.handle!, finalRef(update.learningRate), stored(update.gradient), momentum, isRead],
      { T: { type: DataType.float32 }, use_locking: false, use_nesterov: update.nesterov },
    );
  });
  const after =
    updates.length === 0
      ? []
      : [
          `^${graph.add(
            `${prefix}/updates`,
            'NoOp',
            updates.map((name) => `^${name}`),
          )}`,
        ];
  return Object.fromEntries(
    Object.entries(recording.outputs).map(([key, source]) => {
      const attributes = { T: { type: dtypeOf(recording.nodes, source) } };
      return [
        key,
        graph.add(`${prefix}/output/${key}`, 'Identity', [finalRef(source), ...after], attributes),
      ];
    }),
  );
}

/** Shapes of an op's inputs and of its first output. */
function shapesOf(node: GeneralOp, nodes: readonly GeneralNode[]): (readonly Size[])[] {
  return [...node.inputs.map((source) => shapeOf(nodes, source)), node.outputs[0]!.shape];
}

/**
 * The op as it is best run in a graph. tfjs-node multiplies plain matrices as batches of one, which TensorFlow can't
 * fuse with what follows, and leaves it to eager execution to find the types of ExpandDims.
 */
function plainOp(
  node: GeneralOp,
  nodes: readonly GeneralNode[],
): { op: string; attributes: Record<string, NodeAttribute> } {
  const attributes = Object.fromEntries(
    node.attributes.map((attribute) => [attribute.name, nodeAttribute(attribute)]),
  );
  if (node.op === 'BatchMatMulV2' && isMatrixProduct(node, nodes)) {
    const { T, adj_x, adj_y } = attributes;
    return { op: 'MatMul', attributes: { T: T!, transpose_a: adj_x!, transpose_b: adj_y! } };
  }
  if (node.op === 'ExpandDims') {
    const [T, Tdim] = node.inputs.map((source) => ({ type: dtypeOf(nodes, source) }));
    return { op: node.op, attributes: { T: T!, Tdim: Tdim! } };
  }
  return { op: node.op, attributes };
}

/**
 * Whether an op is the gradient by a bias right before a batch-norm in training: that subtracts the batch's mean, so that
 * the bias changes nothing and its gradient is zero but for rounding.
 */
function isBiasGradientBeforeBatchNorm({ op, inputs }: GeneralOp, nodes: readonly GeneralNode[]): boolean {
  const { node, output } = inputs[0] ?? { node: -1, output: 0 };
  const source = op === 'BiasAddGrad' ? nodes[node]! : null;
  return (
    source?.kind === 'op' &&
    source.op === 'FusedBatchNormGradV3' &&
    output === 0 &&
    source.attributes.some(({ name, value }) => name === 'is_training' && value === true)
  );
}

/** Whether an op draws uniform float32 numbers, for which there is an op of our own that draws the same. */
function isUniform(op: string, { dtype, T, Tseed }: Readonly<Record<string, NodeAttribute>>): boolean {
  const has = (attribute: NodeAttribute | undefined, type: number): boolean =>
    typeof attribute === 'object' && 'type' in attribute && attribute.type === type;
  return (
    op === 'StatelessRandomUniform' &&
    has(dtype, DataType.float32) &&
    has(T, DataType.int32) &&
    has(Tseed, DataType.int32)
  );
}

/** Whether an op is a cast from a type to itself. */
function isNoCast({ SrcT, DstT }: Readonly<Record<string, NodeAttribute>>, op: string): boolean {
  return op === 'Cast' && JSON.stringify(SrcT) === JSON.stringify(DstT);
}

/** A target of Reshape with -1 for the one size that depends on the batch; null where that isn't possible. */
function inferredShape(target: GeneralNode): number[] | null {
  if (target.kind !== 'constant' || isStatic(target.values)) return null;
  const shape = (target.values as readonly Size[]).map((size) => (typeof size === 'number' ? size : -1));
  return shape.filter((size) => size === -1).length === 1 && !shape.includes(0) ? shape : null;
}

function isStatic(values: ArrayLike<number> | readonly Size[]): values is readonly number[] {
  return (
    ArrayBuffer.isView(values) || (values as readonly Size[]).every((value) => typeof value === 'number')
  );
}

function reshaped(
  graph: GraphBuilder,
  name: string,
  vector: string,
  dtype: number,
  shape: readonly number[],
): string {
  const target = graph.constant(DataType.int32, [shape.length], shape);
  return graph.add(name, 'Reshape', [vector, target], {
    T: { type: dtype },
    Tshape: { type: DataType.int32 },
  });
}

/** The places of the nodes on which outputs or updates depend. */
function neededNodes({ nodes, outputs, updates }: GeneralRecording): Set<number> {
  const needed = new Set<number>();
  const open: Source[] = [...Object.values(outputs), ...updates.flatMap(updateSources)];
  for (let source = open.pop(); source !== undefined; source = open.pop()) {
    if (needed.has(source.node)) continue;
    needed.add(source.node);
    const node = nodes[source.node]!;
    if (node.kind === 'op') open.push(...node.inputs);
  }
  return needed;
}

function updateSources(update: RecordedUpdate): Source[] {
  return update.kind === 'assign' ? [update.value] : [update.gradient, update.learningRate];
}
