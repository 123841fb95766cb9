import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { OnnxError } from '../errors';

const METADATA = 14;

/**
 * The texts that travel with an ONNX model (`metadata_props`), from the file's bytes; the network itself is passed
 * over. Runtimes in JavaScript don't give them.
 *
 * @throws OnnxError if the bytes are no whole ONNX file
 */
export function readMetadata(bytes: Uint8Array): Record<string, string> {
  const metadata: Record<string, string> = {};
  let hasGraph = false;
  try {
    const reader = new BinaryReader(bytes);
    while (reader.pos < reader.len) {
      const [field, type] = reader.tag();
      hasGraph ||= field === 7;
      if (field === METADATA && type === WireType.LengthDelimited) {
        const [key, value] = readEntry(reader.bytes());
        metadata[key] = value;
      } else {
        reader.skip(type, field);
      }
    }
    if (reader.pos > reader.len) hasGraph = false;
  } catch (error) {
    throw new OnnxError(
      `This is no ONNX file, or a damaged one (${(error as Error).message}): export it again.`,
    );
  }
  if (!hasGraph) throw new OnnxError('This is no ONNX file, or a damaged one: export it again.');
  return metadata;
}

function readEntry(bytes: Uint8Array): [key: string, value: string] {
  const reader = new BinaryReader(bytes);
  const entry: [string, string] = ['', ''];
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (field === 1 || field === 2) entry[field - 1] = reader.string();
    else reader.skip(type, field);
  }
  return entry;
}
