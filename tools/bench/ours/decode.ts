/** Reads a folder of photographs anew in each step, as the first run on it does: decode.ts FOLDER SIDE, 0 for as they are */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadDataset } from '@label-relaxation/data';
import sharp from 'sharp';
import { serve } from './protocol';

const [folder, side] = process.argv.slice(2) as [string, string];
const size = Number(side) > 0 ? { imageSize: [Number(side), Number(side)] as const } : {};

async function decode(): Promise<number> {
  const cacheDir = mkdtempSync(join(tmpdir(), 'label-relaxation-decode-'));
  try {
    const { inputs } = await loadDataset(folder, { ...size, cacheDir, memory: Infinity });
    return inputs!.length;
  } finally {
    rmSync(cacheDir, { recursive: true, force: true });
  }
}

void serve(
  decode,
  `sharp ${sharp.versions.sharp} (libvips ${sharp.versions.vips}) in Node ${process.versions.node}`,
);
