import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tf } from '@label-relaxation/runtime';
import { figures, tries } from '../../../tools/test/long';
import { holdings, type Holdings } from '../../../tools/test/memory';
import { performRun } from '../src/lazy';
import { resolveParameters } from '../src/parameters/hyperparameters';
import { writeSmallMnist } from './small-mnist';

jest.setTimeout(3_600_000);

it('trials, one after another in a process, leave no tensor, no open file and no memory', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'flat-memory-'));
  process.env['MLFLOW_JOURNAL_DIR'] = join(folder, 'journal');
  writeSmallMnist(join(folder, 'data'));
  const trials = tries(4, 300);
  const held: (Holdings & { tensors: number })[] = [];
  try {
    for (let trial = 0; trial < trials; trial += 1) {
      const { parameters } = resolveParameters({
        ...{ model_name: 'simple_dense', dataset_name: 'mnist', data_dir: join(folder, 'data') },
        ...{ alpha: trial / 1000, epochs: 1, data_augmentation: false, threads: 1, offline: true },
      });
      await performRun(parameters, { checkpointDir: join(folder, 'checkpoint') });
      rmSync(join(folder, 'journal'), { recursive: true });
      held.push({ ...(await holdings()), tensors: tf.memory().numTensors });
    }
  } finally {
    delete process.env['MLFLOW_JOURNAL_DIR'];
    rmSync(folder, { recursive: true });
  }
  const [first, middle, last] = [held[1]!, held[Math.ceil(trials / 4)]!, held.at(-1)!];
  figures(`trials, after 2, ${Math.ceil(trials / 4) + 1} and ${trials}`, [first, middle, last]);
  expect(last.tensors).toBe(first.tensors);
  expect(last.files).toBeLessThanOrEqual(first.files);
  // The network of a trial takes 7.5 MB.
  expect(last.resident - middle.resident).toBeLessThan(tries(60, 150));
});
