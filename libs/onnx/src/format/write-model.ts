import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import type { OnnxAttribute, OnnxModel, OnnxNode, OnnxTensor, OnnxValue } from './onnx-model';

/** Read by onnxruntime 1.13 and later. */
const IR_VERSION = 8;
const OPSET = 17;

/** Type numbers of TensorProto and of AttributeProto. */
const FLOAT = 1;
const INT64 = 7;
const ATTRIBUTE = { float: 1, int: 2, string: 3, floats: 6, ints: 7 } as const;

type Write = (writer: BinaryWriter) => void;

/** An ONNX file's bytes. */
export function writeModel(model: OnnxModel): Uint8Array<ArrayBuffer> {
  const writer = new BinaryWriter();
  int(writer, 1, IR_VERSION);
  text(writer, 2, 'label-relaxation');
  text(writer, 6, model.description);
  message(writer, 7, (graph) => writeGraph(graph, model));
  message(writer, 8, (opset) => int(opset, 2, OPSET));
  for (const [key, value] of Object.entries(model.metadata)) {
    message(writer, 14, (entry) => {
      text(entry, 1, key);
      text(entry, 2, value);
    });
  }
  return writer.finish();
}

function writeGraph(writer: BinaryWriter, { name, nodes, constants, inputs, outputs }: OnnxModel): void {
  for (const node of nodes) message(writer, 1, (item) => writeNode(item, node));
  text(writer, 2, name);
  for (const constant of constants) message(writer, 5, (item) => writeTensor(item, constant));
  for (const input of inputs) message(writer, 11, (item) => writeValue(item, input));
  for (const output of outputs) message(writer, 12, (item) => writeValue(item, output));
}

function writeNode(writer: BinaryWriter, { name, op, inputs, outputs, attributes }: OnnxNode): void {
  for (const input of inputs) text(writer, 1, input);
  for (const output of outputs) text(writer, 2, output);
  text(writer, 3, name);
  text(writer, 4, op);
  for (const [key, value] of Object.entries(attributes)) {
    message(writer, 5, (item) => writeAttribute(item, key, value));
  }
}

function writeAttribute(writer: BinaryWriter, name: string, value: OnnxAttribute): void {
  text(writer, 1, name);
  if (typeof value === 'string') {
    text(writer, 4, value);
    int(writer, 20, ATTRIBUTE.string);
  } else if ('int' in value) {
    int(writer, 3, value.int);
    int(writer, 20, ATTRIBUTE.int);
  } else if ('ints' in value) {
    for (const item of value.ints) int(writer, 8, item);
    int(writer, 20, ATTRIBUTE.ints);
  } else if ('float' in value) {
    float(writer, 2, value.float);
    int(writer, 20, ATTRIBUTE.float);
  } else {
    for (const item of value.floats) float(writer, 7, item);
    int(writer, 20, ATTRIBUTE.floats);
  }
}

function writeTensor(writer: BinaryWriter, { name, dims, values }: OnnxTensor): void {
  for (const dim of dims) int(writer, 1, dim);
  int(writer, 2, values instanceof Float32Array ? FLOAT : INT64);
  text(writer, 8, name);
  writer
    .tag(9, WireType.LengthDelimited)
    .bytes(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
}

function writeValue(writer: BinaryWriter, { name, dims }: OnnxValue): void {
  text(writer, 1, name);
  message(writer, 2, (type) =>
    message(type, 1, (tensor) => {
      int(tensor, 1, FLOAT);
      message(tensor, 2, (shape) => {
        for (const dim of dims) {
          message(shape, 1, (size) => (typeof dim === 'number' ? int(size, 1, dim) : text(size, 2, dim)));
        }
      });
    }),
  );
}

function message(writer: BinaryWriter, field: number, write: Write): void {
  writer.tag(field, WireType.LengthDelimited).fork();
  write(writer);
  writer.join();
}

function text(writer: BinaryWriter, field: number, value: string): void {
  writer.tag(field, WireType.LengthDelimited).string(value);
}

function int(writer: BinaryWriter, field: number, value: number): void {
  writer.tag(field, WireType.Varint).int64(value);
}

function float(writer: BinaryWriter, field: number, value: number): void {
  writer.tag(field, WireType.Bit32).float(value);
}
