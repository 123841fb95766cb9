import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Damage, damage, damaged } from '../../../tools/test/damage';
import { fuzz } from '../../../tools/test/fuzz';
import { tries } from '../../../tools/test/long';
import { readStateFile, type StateFile, writeStateFile } from './state-file';

jest.setTimeout(3_600_000);

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'state-file-'))));
afterAll(() => rmSync(folder, { recursive: true }));

const state: StateFile = {
  facts: { epochs: [{ loss: 0.5, name: 'ü' }], best: null },
  groups: {
    weights: [
      { name: 'dense/kernel', shape: [3, 2], values: Float32Array.of(1, -2, 0.5, 4, 5, 6) },
      { name: 'dense/bias', shape: [2], values: Float32Array.of(-0, 1e-30) },
    ],
    velocities: [{ name: 'scalar', shape: [], values: Float32Array.of(7) }],
  },
};

it('reads what was written, and leaves nothing else behind', async () => {
  const file = join(folder, 'state.bin');
  await writeStateFile(file, state);
  expect(await readStateFile(file)).toEqual(state);
  expect(await readStateFile(join(folder, 'none'))).toBeNull();
  expect(readdirSync(folder)).toEqual(['state.bin']);
});

it('a damaged one is refused in one line, wherever the damage is', async () => {
  const file = join(folder, 'damaged.bin');
  await writeStateFile(file, state);
  const whole = await readFile(file);
  const { refused } = await fuzz({
    inputs: damage,
    runs: tries(100, 10_000),
    refusals: ['TrainingError'],
    read: (edits: Damage) => {
      writeFileSync(file, damaged(whole, edits));
      return readStateFile(file);
    },
    check: (read) => expect(read).toEqual(state),
  });
  expect(refused).toBeGreaterThan(0);
});
