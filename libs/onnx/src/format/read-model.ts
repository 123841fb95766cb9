import { BinaryReader, type WireType } from '@bufbuild/protobuf/wire';
import { OnnxError } from '../errors';
import type { OnnxAttribute, OnnxModel, OnnxNode, OnnxTensor, OnnxValue } from './onnx-model';
import { readMetadata } from './read-metadata';

/** What is to be done with the fields of a message, by their numbers; others are passed over. */
type Fields = Readonly<Record<number, (reader: BinaryReader, type: WireType) => void>>;

/**
 * An ONNX file that `writeModel` has written, as an object: `writeModel` makes the same bytes of it again.
 *
 * @throws OnnxError if the bytes are no whole ONNX file
 */
export function readModel(bytes: Uint8Array): OnnxModel {
  const metadata = readMetadata(bytes);
  const parts = { name: '', description: '' };
  const nodes: OnnxNode[] = [];
  const constants: OnnxTensor[] = [];
  const inputs: OnnxValue[] = [];
  const outputs: OnnxValue[] = [];
  try {
    read(bytes, {
      6: (model) => (parts.description = model.string()),
      7: (model) =>
        read(model.bytes(), {
          1: (graph) => nodes.push(readNode(graph.bytes())),
          2: (graph) => (parts.name = graph.string()),
          5: (graph) => constants.push(readTensor(graph.bytes())),
          11: (graph) => inputs.push(readValue(graph.bytes())),
          12: (graph) => outputs.push(readValue(graph.bytes())),
        }),
    });
  } catch (error) {
    throw new OnnxError(`This ONNX file is damaged (${(error as Error).message}): export it again.`);
  }
  return { ...parts, nodes, constants, inputs, outputs, metadata };
}

function read(bytes: Uint8Array, fields: Fields): void {
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    const take = fields[field];
    if (take) take(reader, type);
    else reader.skip(type, field);
  }
}

function readNode(bytes: Uint8Array): OnnxNode {
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes: Record<string, OnnxAttribute> = {};
  const names = { name: '', op: '' };
  read(bytes, {
    1: (node) => inputs.push(node.string()),
    2: (node) => outputs.push(node.string()),
    3: (node) => (names.name = node.string()),
    4: (node) => (names.op = node.string()),
    5: (node) => Object.assign(attributes, readAttribute(node.bytes())),
  });
  return { ...names, inputs, outputs, attributes };
}

function readAttribute(bytes: Uint8Array): Record<string, OnnxAttribute> {
  let name = '';
  const ints: number[] = [];
  const floats: number[] = [];
  let value: OnnxAttribute = { ints };
  read(bytes, {
    1: (attribute) => (name = attribute.string()),
    2: (attribute) => (value = { float: attribute.float() }),
    3: (attribute) => (value = { int: Number(attribute.int64()) }),
    4: (attribute) => (value = attribute.string()),
    7: (attribute) => {
      floats.push(attribute.float());
      value = { floats };
    },
    8: (attribute) => ints.push(Number(attribute.int64())),
  });
  return { [name]: value };
}

function readTensor(bytes: Uint8Array): OnnxTensor {
  const dims: number[] = [];
  let name = '';
  let isFloat = true;
  let raw = new Uint8Array(0);
  read(bytes, {
    1: (tensor) => dims.push(Number(tensor.int64())),
    2: (tensor) => (isFloat = tensor.int32() === 1),
    8: (tensor) => (name = tensor.string()),
    // Copied, since numbers begin at places that their size divides.
    9: (tensor) => (raw = new Uint8Array(tensor.bytes())),
  });
  return { name, dims, values: isFloat ? new Float32Array(raw.buffer) : new BigInt64Array(raw.buffer) };
}

function readValue(bytes: Uint8Array): OnnxValue {
  const dims: (number | string)[] = [];
  let name = '';
  const readDim = (dim: BinaryReader) =>
    read(dim.bytes(), {
      1: (size) => dims.push(Number(size.int64())),
      2: (size) => dims.push(size.string()),
    });
  read(bytes, {
    1: (value) => (name = value.string()),
    2: (value) =>
      read(value.bytes(), {
        1: (type) => read(type.bytes(), { 2: (tensor) => read(tensor.bytes(), { 1: readDim }) }),
      }),
  });
  return { name, dims };
}
