/** ResNet56V2's step on inputs that it holds, or that it is fed from a prepared file: fed-step.ts held|fed BATCH */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadDataset } from '@label-relaxation/data';
import { createLoss } from '@label-relaxation/losses';
import { createModel } from '@label-relaxation/models';
import { createStep } from '@label-relaxation/training';
import { npy } from '../../test/npy';
import { serve } from './protocol';

const EXAMPLES = 8192;
const SHAPE = [32, 32, 3] as const;

async function main([mode, batch]: readonly string[]): Promise<void> {
  const batchSize = Number(batch);
  const folder = mkdtempSync(join(tmpdir(), 'label-relaxation-fed-'));
  const pixels = new Uint8Array(EXAMPLES * 32 * 32 * 3).map((_, i) => (i * 2654435761) >>> 24);
  writeFileSync(join(folder, 'x.npy'), npy(pixels, [EXAMPLES, ...SHAPE]));
  writeFileSync(
    join(folder, 'y.npy'),
    npy(
      Uint8Array.from({ length: EXAMPLES }, (_, i) => i % 10),
      [EXAMPLES],
    ),
  );
  const memory = mode === 'fed' ? 0 : Infinity;
  const dataset = await loadDataset(folder, { memory, cacheDir: join(folder, 'cache') });
  const step = await createStep({
    network: createModel('resnet', { inputShape: SHAPE, classes: 10, seed: 0 }),
    loss: createLoss('cross_entropy', 0),
    optimizer: { momentum: 0.9, nesterov: true, decay: 1e-5, clipValue: 0 },
    data: { ...dataset, mean: new Float32Array(32 * 32 * 3).fill(0.5) },
    seed: 0,
    batchSize,
  });
  let state = 1;
  const draw = () =>
    Int32Array.from({ length: batchSize }, () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state % EXAMPLES;
    });
  // As the training loop does: two batches are on their way.
  const coming = [draw(), draw()];
  for (const batch of coming) step.prefetch(batch);
  await serve(async () => {
    const next = draw();
    step.prefetch(next);
    coming.push(next);
    await step.train(coming.shift()!, 0.01);
  }, mode!);
  await dataset.close();
  rmSync(folder, { recursive: true, force: true });
}

void main(process.argv.slice(2));
