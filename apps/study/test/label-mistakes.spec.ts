import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runWithoutServer } from '../../../tools/test/app';
import { writeSmallSet } from '../../../tools/test/small-set';

jest.setTimeout(120_000);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'label-mistakes-'));
  writeSmallSet(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A file with that many rows of the same numbers. */
const file = (name: string, rows: number, row: string) => {
  writeFileSync(join(folder, name), new Array(rows).fill(row).join('\n'));
  return join(folder, name);
};
const zeros = (first: string) => [first, ...new Array<number>(8).fill(0)].join(',');

it.each<[string, () => string[], RegExp]>([
  [
    'noise that is no probability',
    () => ['--label_noise=1.5'],
    /^--label_noise takes a number from 0 to 1, not "1\.5"\n$/u,
  ],
  [
    'a matrix that is not stochastic',
    () => ['--noise', file('matrix.csv', 10, zeros('0.5,0.4'))],
    /^--noise .*matrix\.csv: row 1 sums to 0\.9: the probabilities of a row sum to 1\n$/u,
  ],
  [
    'soft labels for a loss that takes none',
    () => ['--alpha=0.1', '--labels', file('soft.csv', 420, zeros('0.5,0.5'))],
    /^--labels .*soft\.csv: these are class distributions, and label_relaxation takes class numbers alone: take --loss_name credal\n$/u,
  ],
  [
    'possibilities without a 1',
    () => ['--loss_name=credal', '--labels', file('sets.csv', 420, zeros('0.9,0.9'))],
    /^--labels .*sets\.csv: row 1 of the labels sums to 1\.8 and its largest number is 0\.9: give rows .*\n$/u,
  ],
  [
    'labels for another number of examples',
    () => ['--alpha=0.1', '--labels', file('few.csv', 419, '3')],
    /^--labels .*few\.csv: it has 419 rows: mnist has 490 examples, of which the first 420 are .*\n$/u,
  ],
])('%s is refused in one line, with 2', (_, flags, words) => {
  const given = ['--model_name=simple_dense', '--dataset_name=mnist', `--data_dir=${folder}`, '--dry_run'];
  const { status, stderr } = runWithoutServer('study', [...given, '--cluster_job', ...flags()]);
  expect({ status, stderr: withoutWarnings(stderr) }).toEqual({
    status: 2,
    stderr: expect.stringMatching(words) as string,
  });
});

/** Without what is said of the files of the small set, which are not MNIST's own. */
function withoutWarnings(text: string): string {
  return text
    .split('\n')
    .filter((line) => !line.startsWith('warning:'))
    .join('\n');
}
