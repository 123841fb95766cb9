import { endianness } from 'node:os';

/** The bytes of numbers with the lowest one first, as files and digests hold them: a view, on almost any machine. */
export function littleEndian(
  numbers: Uint8Array | Uint16Array | Int32Array | Float32Array,
  order: 'LE' | 'BE' = endianness(),
): Uint8Array {
  const bytes = Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength);
  if (order === 'LE' || numbers.BYTES_PER_ELEMENT === 1) return bytes;
  const copy = Buffer.from(bytes);
  return numbers.BYTES_PER_ELEMENT === 2 ? copy.swap16() : copy.swap32();
}
