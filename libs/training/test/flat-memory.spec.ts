import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tf } from '@label-relaxation/runtime';
import { figures, tries } from '../../../tools/test/long';
import { holdings, type Holdings } from '../../../tools/test/memory';
import { createStep, fit } from '../src';
import { denseOptions, range } from './networks';

jest.setTimeout(3_600_000);

/** What is held after each epoch of a run of 50 steps an epoch, with its checkpoints. */
async function epochByEpoch(epochs: number, eager: boolean): Promise<(Holdings & { tensors: number })[]> {
  const folder = mkdtempSync(join(tmpdir(), 'flat-memory-'));
  const held: (Holdings & { tensors: number })[] = [];
  const step = await createStep({ ...denseOptions({ augmentation: { shift: 0.1, flip: true } }), eager });
  try {
    await fit(step, {
      batches: () => Array.from({ length: 50 }, (_, i) => range(i % 12, (i % 12) + 6)),
      stepsPerEpoch: 50,
      epochs,
      schedule: { initialRate: 0.01, steps: [], multiplier: 1 },
      validation: range(16, 24),
      reduceOnPlateau: {},
      checkpoint: { file: join(folder, 'checkpoint.bin'), resume: false },
      bestModel: { file: join(folder, 'best.bin') },
      onEpochEnd: async () => void held.push({ ...(await holdings()), tensors: tf.memory().numTensors }),
    });
  } finally {
    step.dispose();
    rmSync(folder, { recursive: true });
  }
  return held;
}

it.each([
  ['compiled', false],
  ['eager', true],
])('epochs and their steps leave no tensor, no open file and no memory: %s', async (kind, eager) => {
  const epochs = eager ? tries(4, 40) : tries(10, 200);
  const held = await epochByEpoch(epochs, eager);
  const [first, middle, last] = [held[1]!, held[Math.ceil(epochs / 4) - 1]!, held.at(-1)!];
  figures(`${kind} steps, after epochs 1, ${Math.ceil(epochs / 4)} and ${epochs}`, [held[0]!, middle, last]);
  expect(last.tensors).toBe(first.tensors);
  expect(last.files).toBeLessThanOrEqual(first.files);
  // A tensor of each step would be seen above; a few numbers of each, of which an epoch's log is some, below.
  expect(last.resident - middle.resident).toBeLessThan(64);
});
