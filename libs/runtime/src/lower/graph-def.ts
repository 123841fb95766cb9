import type { Attribute } from '../graph/graph';
import { MessageWriter } from './protobuf';

/** A constant's value: raw little-endian bytes. */
export interface TensorValue {
  readonly dtype: number;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

/** An attribute of a node; strings and booleans stand for themselves. */
export type NodeAttribute = Attribute | { readonly tensor: TensorValue };

/** A node of a TensorFlow graph. */
export interface GraphNode {
  readonly name: string;
  readonly op: string;
  /** `node:output` for a value, `^node` for a node that must have run before. */
  readonly inputs: readonly string[];
  readonly attributes: Readonly<Record<string, NodeAttribute>>;
}

/** Input or output of a signature; the shape has -1 for the batch. */
export interface SignatureTensor {
  readonly tensor: string;
  readonly dtype: number;
  readonly shape: readonly number[];
}

/** A graph's public function, as TensorFlow Serving and `tf.saved_model.load` see it. */
export interface Signature {
  readonly inputs: Readonly<Record<string, SignatureTensor>>;
  readonly outputs: Readonly<Record<string, SignatureTensor>>;
}

/** The graph version of TensorFlow 2.9 and later readers. */
const PRODUCER = 1087;

/**
 * A graph as the pieces of a `saved_model.pb` (SavedModel > MetaGraphDef > GraphDef in TensorFlow's protobuf files).
 */
export function savedModelParts(
  nodes: readonly GraphNode[],
  signature: Signature | null = null,
): readonly Uint8Array[] {
  const graph = new MessageWriter();
  for (const node of nodes) graph.message(1, nodeDef(node));
  graph.message(4, new MessageWriter().int(1, PRODUCER));
  const info = new MessageWriter().string(4, 'serve').string(5, '2.9.0');
  const meta = new MessageWriter().message(1, info).message(2, graph);
  if (signature !== null) meta.entry(5, 'serving_default', signatureDef(signature));
  return new MessageWriter().int(1, 1).message(2, meta).parts;
}

function nodeDef({ name, op, inputs, attributes }: GraphNode): MessageWriter {
  const message = new MessageWriter().string(1, name).string(2, op);
  for (const input of inputs) message.string(3, input);
  for (const [key, value] of Object.entries(attributes)) message.entry(5, key, attrValue(value));
  return message;
}

function attrValue(value: NodeAttribute): MessageWriter {
  const message = new MessageWriter();
  if (typeof value === 'string') return message.string(2, value);
  if (typeof value === 'boolean') return message.int(5, Number(value));
  if ('type' in value) return message.int(6, value.type);
  if ('shape' in value) return message.message(7, tensorShape(value.shape));
  if ('tensor' in value) return message.message(8, tensorProto(value.tensor));
  if ('int' in value) {
    if (typeof value.int === 'number') return message.int(3, value.int);
    const list = new MessageWriter();
    for (const item of value.int) list.int(3, item);
    return message.message(1, list);
  }
  if (typeof value.float === 'number') return message.float(4, value.float);
  const list = new MessageWriter();
  for (const item of value.float) list.float(4, item);
  return message.message(1, list);
}

function tensorShape(shape: readonly number[]): MessageWriter {
  const message = new MessageWriter();
  for (const size of shape) message.message(2, new MessageWriter().int(1, size));
  return message;
}

function tensorProto({ dtype, shape, bytes }: TensorValue): MessageWriter {
  return new MessageWriter().int(1, dtype).message(2, tensorShape(shape)).bytes(4, bytes);
}

function signatureDef({ inputs, outputs }: Signature): MessageWriter {
  const message = new MessageWriter();
  for (const [name, tensor] of Object.entries(inputs)) message.entry(1, name, tensorInfo(tensor));
  for (const [name, tensor] of Object.entries(outputs)) message.entry(2, name, tensorInfo(tensor));
  return message.string(3, 'tensorflow/serving/predict');
}

function tensorInfo({ tensor, dtype, shape }: SignatureTensor): MessageWriter {
  return new MessageWriter().string(1, tensor).int(2, dtype).message(3, tensorShape(shape));
}
