import { endianness } from 'node:os';

/** The bytes of numbers with the lowest one first, as files and digests hold them: a view, on almost any machine. */
export function littleEndian(
  numbers: Uint8Array | Uint16Array | Int32Array | Float32Array,
  order: 'LE' | 'BE' = endianness(),
): Uint8Array {
  const bytes = Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength);
  if (order === 'LE' || numbers.BYTES_PER_ELEMENT === 1) return bytes;
  return swapped(Buffer.from(bytes), numbers.BYTES_PER_ELEMENT);
}

/** Makes numbers, in place, of bytes that were read with the lowest one first. */
export function fromLittleEndian(
  numbers: Uint8Array | Uint16Array | Int32Array | Float32Array,
  order: 'LE' | 'BE' = endianness(),
): void {
  if (order === 'LE') return;
  swapped(Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength), numbers.BYTES_PER_ELEMENT);
}

function swapped(bytes: Buffer, size: number): Buffer {
  if (size === 1) return bytes;
  return size === 2 ? bytes.swap16() : bytes.swap32();
}
