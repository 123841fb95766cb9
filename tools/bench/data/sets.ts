import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { npy } from '../../test/npy';

/** Photographs that are decoded, their height and width. */
const photographs = { count: 512, height: 240, width: 320 };

/** What the inputs of the large set may take in memory, and the set's images. */
export const memoryBytes = 100e6;
const large = { side: 32, channels: 3 };

/** A folder that is removed afterwards. */
interface Written {
  readonly folder: string;
  readonly remove: () => void;
}

function newFolder(): Written {
  const folder = mkdtempSync(join(tmpdir(), 'label-relaxation-bench-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** JPEG photographs of smooth noise in two class folders: as large as those of cameras are after a web site made them small. */
export async function writePhotographs(): Promise<Written & { readonly count: number }> {
  const { count, height, width } = photographs;
  const written = newFolder();
  for (let i = 0; i < count; i++) {
    const folder = join(written.folder, i % 2 ? 'odd' : 'even');
    mkdirSync(folder, { recursive: true });
    const coarse = Uint8Array.from({ length: 30 * 40 * 3 }, (_, k) =>
      Math.floor(Math.abs(Math.sin((i + 1) * (k + 3) * 12.9898) * 43758.5453) % 256),
    );
    const jpeg = await sharp(coarse, { raw: { height: 30, width: 40, channels: 3 } })
      .resize(width, height, { kernel: 'cubic' })
      .jpeg({ quality: 90 })
      .toBuffer();
    writeFileSync(join(folder, `${i}.jpg`), jpeg);
  }
  return { ...written, count };
}

/** NumPy files of images that are three times larger than the memory for them. */
export function writeLargeSet(): Written & { readonly bytes: number } {
  const { side, channels } = large;
  const width = side * side * channels;
  const size = Math.ceil((3 * memoryBytes) / width);
  const written = newFolder();
  const pixels = new Uint8Array(size * width).map((_, i) => (i * 2654435761) >>> 24);
  writeFileSync(join(written.folder, 'x.npy'), npy(pixels, [size, side, side, channels]));
  writeFileSync(
    join(written.folder, 'y.npy'),
    npy(
      Uint8Array.from({ length: size }, (_, i) => i % 10),
      [size],
    ),
  );
  return { ...written, bytes: pixels.length };
}
