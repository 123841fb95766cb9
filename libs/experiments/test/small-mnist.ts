import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadDataset } from '@label-relaxation/data';
import { numbers } from '../../../tools/test/numbers';

const side = 28;
const classes = 10;

/**
 * Writes four IDX files in MNIST's form into a folder: each class is a bright bar at its own height, moved and blurred
 * by noise, so that a network learns it in an epoch or two and still makes mistakes.
 */
export function writeSmallMnist(folder: string, { train = 600, test = 100 } = {}): void {
  mkdirSync(folder, { recursive: true });
  const next = numbers(7);
  for (const [part, size] of [
    ['train', train],
    ['t10k', test],
  ] as const) {
    const labels = Uint8Array.from({ length: size }, () => Math.floor(next() * classes));
    const images = new Uint8Array(size * side * side);
    labels.forEach((label, i) => {
      const top = label * 2 + 3 + Math.floor(next() * 3);
      for (let pixel = 0; pixel < side * side; pixel++) {
        const row = Math.floor(pixel / side);
        const bright = row >= top && row < top + 3 ? 150 : 0;
        images[i * side * side + pixel] = bright + Math.floor(next() * 100);
      }
    });
    writeFileSync(join(folder, `${part}-images-idx3-ubyte`), idx([size, side, side], images));
    writeFileSync(join(folder, `${part}-labels-idx1-ubyte`), idx([size], labels));
  }
}

/** The same of MNIST's own images, the first of each part. */
export async function writeRealMnist(folder: string, { train = 600, test = 100 } = {}): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const mnist = await loadDataset('mnist');
  for (const [part, first, size] of [
    ['train', 0, train],
    ['t10k', mnist.parts.train, test],
  ] as const) {
    const examples = Int32Array.from({ length: size }, (_, i) => first + i);
    const images = (await mnist.read(examples)) as Uint8Array;
    writeFileSync(join(folder, `${part}-images-idx3-ubyte`), idx([size, side, side], images));
    const labels = Uint8Array.from(examples, (example) => mnist.labels[example]!);
    writeFileSync(join(folder, `${part}-labels-idx1-ubyte`), idx([size], labels));
  }
  await mnist.close();
}

function idx(shape: readonly number[], bytes: Uint8Array): Buffer {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header.writeUInt32BE(0x0800 + shape.length);
  shape.forEach((length, i) => header.writeUInt32BE(length, 4 + 4 * i));
  return Buffer.concat([header, bytes]);
}
