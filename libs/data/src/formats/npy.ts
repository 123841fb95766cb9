import type { Inputs } from '../dataset';
import { DataError } from '../errors';
import type { ByteReader } from './byte-reader';

/** The kinds of numbers that are read, by NumPy's letter. */
type Kind = 'i' | 'u' | 'f' | 'b' | 'U' | 'S';

/** What the header of an array says. */
export interface NpyHeader {
  /** What to call the array in an error. */
  readonly name: string;
  readonly kind: Kind;
  /** Bytes of a number; of a text, of all its places. */
  readonly itemBytes: number;
  readonly bigEndian: boolean;
  /** Whether the first index runs fastest, as in Fortran. */
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
  /** NumPy's name of the type, such as `<f4`. */
  readonly descr: string;
}

/**
 * Reads the header of an array in NumPy's format 1 to 3 (numpy.lib.format).
 *
 * @param name of the array, for the error.
 * @throws DataError for what is no such array, or says that it has more than there is, and for arrays of objects, which
 * could run any program when they are read.
 */
export async function readNpyHeader(reader: Bytes, name: string): Promise<NpyHeader> {
  const start = await exactly(reader, 8, name);
  if (latin1(start.subarray(0, 6)) !== '\x93NUMPY' || start[6]! < 1 || start[6]! > 3) {
    throw new DataError(`${name}: is not an array of NumPy (.npy, formats 1 to 3).`);
  }
  const isShort = start[6] === 1;
  const length = await exactly(reader, isShort ? 2 : 4, name);
  const bytes = isShort ? viewOf(length).getUint16(0, true) : viewOf(length).getUint32(0, true);
  if (bytes > 1 << 20) throw new DataError(`${name}: is damaged: its header has ${bytes} bytes.`);
  const header = await exactly(reader, bytes, name);
  const text = start[6] === 3 ? new TextDecoder().decode(header) : latin1(header);
  const descr = /'descr':\s*'([^']*)'/u.exec(text)?.[1];
  const order = /'fortran_order':\s*(True|False)/u.exec(text)?.[1];
  const shape = /'shape':\s*\(([\d,\s]*)\)/u.exec(text)?.[1];
  if (/'descr':\s*'[|<>=]?O/u.test(text)) {
    throw new DataError(
      `${name}: holds Python objects (pickle), which are never read, as they may run any program: ` +
        'save an array of numbers or texts.',
    );
  }
  const parts = /^([|<>=])([iufbUS])(\d+)$/u.exec(descr ?? '');
  if (!parts || order === undefined || shape === undefined) {
    const what = descr ?? /'descr':\s*([^:]*?),\s*'/u.exec(text)?.[1] ?? 'an unknown type';
    throw new DataError(`${name}: is an array of ${what}, which is not read: save numbers or texts.`);
  }
  const kind = parts[2] as Kind;
  const itemBytes = Number(parts[3]) * (kind === 'U' ? 4 : 1);
  if (!(kind === 'U' || kind === 'S' || sizes[kind].includes(itemBytes))) {
    throw new DataError(
      `${name}: is an array of ${descr}, which is not read: convert it, such as to float32.`,
    );
  }
  const sides = shape.split(',').flatMap((side) => (side.trim() === '' ? [] : [Number(side)]));
  checkSize(reader, name, sides, itemBytes);
  return {
    ...{ name, kind, itemBytes, bigEndian: parts[1] === '>', fortranOrder: order === 'True', descr: descr! },
    shape: sides,
  };
}

/** Refuses a header that says more than the file can hold, before memory is taken for it. */
function checkSize({ limit }: Bytes, name: string, shape: readonly number[], itemBytes: number): void {
  const size = shape.reduce((product, side) => product * side, itemBytes);
  if (size <= limit && shape.every((side) => side <= limit)) return;
  throw new DataError(
    `${name}: is cut off: its header says (${shape.join(', ')}) of ${itemBytes} bytes each, and it has at most ` +
      `${limit} bytes; save or copy it again.`,
  );
}

const sizes: Readonly<Record<'i' | 'u' | 'f' | 'b', readonly number[]>> = {
  i: [1, 2, 4, 8],
  u: [1, 2, 4, 8],
  f: [2, 4, 8],
  b: [1],
};

/** What bytes are read from. */
export type Bytes = Pick<ByteReader, 'read' | 'limit'>;

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

function latin1(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
}

/** The next bytes, exactly so many. */
export async function exactly(reader: Bytes, length: number, name: string): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  if ((await reader.read(bytes)) < length) {
    throw new DataError(`${name}: is cut off; save or copy it again.`);
  }
  return bytes;
}

/** Numbers of an array from their bytes: bytes as they are, all others as float32. Throws a DataError for texts. */
export function asInputs(bytes: Uint8Array, { name, kind, itemBytes, bigEndian }: NpyHeader): Inputs {
  if (kind === 'U' || kind === 'S') throw new DataError(`${name}: holds texts: numbers are needed.`);
  if (kind === 'u' && itemBytes === 1) return bytes;
  const numbers = numbersOf(bytes, kind, itemBytes, bigEndian);
  if (numbers instanceof Float32Array) return numbers;
  return Float32Array.from(numbers as ArrayLike<number>, Number);
}

/** Whole numbers or texts of an array from their bytes; other numbers as they are. */
export function asLabels(bytes: Uint8Array, header: NpyHeader): (number | string)[] {
  const { kind, itemBytes, bigEndian } = header;
  if (kind === 'U' || kind === 'S') return textsOf(bytes, header);
  return Array.from(numbersOf(bytes, kind, itemBytes, bigEndian) as ArrayLike<number | bigint>, Number);
}

function numbersOf(
  bytes: Uint8Array,
  kind: Kind,
  itemBytes: number,
  bigEndian: boolean,
): ArrayLike<number | bigint> {
  if (bigEndian) swap(bytes, itemBytes);
  if (kind === 'f' && itemBytes === 2) return halfFloats(bytes);
  const Numbers = {
    ...{ i1: Int8Array, i2: Int16Array, i4: Int32Array, i8: BigInt64Array, b1: Uint8Array },
    ...{ u1: Uint8Array, u2: Uint16Array, u4: Uint32Array, u8: BigUint64Array },
    ...{ f4: Float32Array, f8: Float64Array },
  }[`${kind}${itemBytes}` as 'i1'];
  return new Numbers(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.length / itemBytes);
}

/** Turns the bytes of each number around, in place. */
function swap(bytes: Uint8Array, itemBytes: number): void {
  for (let start = 0; start < bytes.length; start += itemBytes) {
    bytes.subarray(start, start + itemBytes).reverse();
  }
}

/** Numbers of IEEE 754's binary16. */
function halfFloats(bytes: Uint8Array): Float32Array {
  const view = viewOf(bytes);
  return Float32Array.from({ length: bytes.length / 2 }, (_, i) => {
    const bits = view.getUint16(2 * i, true);
    const sign = bits & 0x8000 ? -1 : 1;
    const exponent = (bits >> 10) & 31;
    const fraction = bits & 1023;
    if (exponent === 31) return fraction ? NaN : sign * Infinity;
    return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
  });
}

function textsOf(bytes: Uint8Array, { name, kind, itemBytes, bigEndian }: NpyHeader): string[] {
  const character = (item: Uint8Array, place: number) => {
    const code = viewOf(item).getUint32(4 * place, !bigEndian);
    if (code <= 0x10ffff) return String.fromCodePoint(code);
    throw new DataError(`${name}: is damaged: it has the character ${code}, which is none.`);
  };
  return Array.from({ length: itemBytes === 0 ? 0 : bytes.length / itemBytes }, (_, i) => {
    const item = bytes.subarray(i * itemBytes, (i + 1) * itemBytes);
    const text =
      kind === 'S'
        ? latin1(item)
        : Array.from({ length: itemBytes / 4 }, (__, place) => character(item, place)).join('');
    return text.replace(/\0+$/u, '');
  });
}

/** The bytes of an array in row-major order, from those in Fortran's. */
export function inRowMajorOrder(bytes: Uint8Array, shape: readonly number[], itemBytes: number): Uint8Array {
  const target = new Uint8Array(bytes.length);
  const strides = shape.map((_, axis) =>
    shape.slice(0, axis).reduce((product, side) => product * side, itemBytes),
  );
  const index = new Array<number>(shape.length).fill(0);
  let from = 0;
  for (let to = 0; to < bytes.length; to += itemBytes) {
    for (let byte = 0; byte < itemBytes; byte++) target[to + byte] = bytes[from + byte]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      from -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return target;
}
