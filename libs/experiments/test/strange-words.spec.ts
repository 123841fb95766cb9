import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { damage, damaged } from '../../../tools/test/damage';
import { damagedJson, jsonDamage } from '../../../tools/test/damaged-json';
import { fuzz } from '../../../tools/test/fuzz';
import { tries } from '../../../tools/test/long';
import { commandLines } from '../../../tools/test/strange-words';
import { parseCommandLine } from '../src/parameters/command-line';
import type { Command } from '../src/parameters/flags';
import { readHyperparameters, resolveParameters } from '../src/parameters/hyperparameters';
import { flagsOf, parameterTable } from '../src/parameters/parameters';

jest.setTimeout(3_600_000);

it.each<Command>(['study', 'study-ho'])(
  '%s takes any words as flags of its table, or refuses them by a UsageError',
  async (command) => {
    const flags = Object.fromEntries(
      flagsOf(command).map(([name, { default: value }]) => [name, String(value ?? '')]),
    );
    const { taken, refused } = await fuzz({
      inputs: commandLines(flags),
      runs: tries(80, 10_000),
      refusals: ['UsageError'],
      read: async (words) => {
        const { given, help } = await parseCommandLine(command, words, 'usage', 'epilogue');
        return help === null ? resolveParameters(given).parameters : null;
      },
      check: (parameters) => {
        if (parameters !== null)
          expect(Object.keys(parameters).sort()).toEqual(Object.keys(parameterTable).sort());
      },
    });
    expect([taken > 0, refused > 0]).toEqual([true, true]);
  },
);

it('a damaged file of hyper-parameters gives those that there are, or is refused by a UsageError', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hyperparameters-'));
  const file = join(folder, 'hyperparams_lr.json');
  const whole = {
    simple_dense_mnist: {
      initial_lr: 0.1,
      steps: '80, 120',
      epochs: 3,
      batch_size: 64,
      decay: 0,
      data_augmentation: 'False',
      alpha: 0.1,
    },
  };
  const named = { model_name: 'simple_dense', dataset_name: 'mnist', loss_name: 'label_relaxation' } as const;
  writeFileSync(file, JSON.stringify(whole));
  expect(readHyperparameters(named, folder)).toMatchObject({ epochs: 3, steps: [80, 120] });
  const common = {
    refusals: ['UsageError'],
    runs: tries(80, 5_000),
    check: (given: object) =>
      expect(Object.keys(whole.simple_dense_mnist)).toEqual(expect.arrayContaining(Object.keys(given))),
  };
  const read = (text: string | Buffer) => {
    writeFileSync(file, text);
    return readHyperparameters(named, folder);
  };
  await fuzz({
    ...common,
    inputs: jsonDamage,
    read: (changes) => read(JSON.stringify(damagedJson(whole, changes)) ?? ''),
  });
  await fuzz({
    ...common,
    inputs: damage,
    read: (edits) => read(damaged(Buffer.from(JSON.stringify(whole)), edits)),
  });
  rmSync(folder, { recursive: true });
});
