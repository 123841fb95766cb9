import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const side = 28;

/** Writes a small data set in MNIST's files: ten classes, each with another tenth of the image bright, in noise. */
export function writeSmallSet(folder: string, trainSize = 420, testSize = 70): void {
  mkdirSync(folder, { recursive: true });
  const random = generator(1);
  for (const [part, size] of Object.entries({ train: trainSize, t10k: testSize })) {
    const labels = Array.from({ length: size }, (_, index) => index % 10);
    const images = labels.flatMap((label) =>
      Array.from({ length: side * side }, (_, pixel) => {
        const bright = Math.floor((pixel * 10) / (side * side)) === label;
        return Math.floor(random() * 128) + (bright ? 64 : 0);
      }),
    );
    writeFileSync(join(folder, `${part}-images-idx3-ubyte`), idx([size, side, side], images));
    writeFileSync(join(folder, `${part}-labels-idx1-ubyte`), idx([size], labels));
  }
}

function idx(shape: readonly number[], bytes: readonly number[]): Buffer {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header.writeUInt8(8, 2);
  header.writeUInt8(shape.length, 3);
  shape.forEach((length, axis) => header.writeInt32BE(length, 4 + 4 * axis));
  return Buffer.concat([header, Buffer.from(bytes)]);
}

/** Uniform numbers in [0, 1), the same ones each time. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Writes a CSV file of two features in two classes that they tell apart. */
export function writeSmallTable(path: string, rows = 240): void {
  const lines = Array.from(
    { length: rows },
    (_, i) => `${(i % 2) * 3 + ((i * 7) % 11) / 10},${i % 5},${i % 2 ? 'b' : 'a'}`,
  );
  writeFileSync(path, ['x,y,label', ...lines, ''].join('\n'));
}
