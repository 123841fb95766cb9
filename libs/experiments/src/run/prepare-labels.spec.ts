import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Dataset } from '@label-relaxation/data';
import { loadDataset, splitDataset } from '@label-relaxation/data';
import { writeSmallMnist } from '../../test/small-mnist';
import { UsageError } from '../errors';
import type { GivenParameters } from '../parameters/parameters';
import { resolveParameters } from '../parameters/hyperparameters';
import { changedShare } from './noise-figures';
import { prepareLabels } from './prepare-labels';

let folder: string;
let dataset: Dataset;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'prepare-labels-'));
  writeSmallMnist(folder);
  dataset = await loadDataset('mnist', { dataDir: folder });
});
afterAll(() => rmSync(folder, { recursive: true }));

async function prepare(given: GivenParameters) {
  const { parameters } = resolveParameters({ model_name: 'simple_dense', dataset_name: 'mnist', ...given });
  const { size, testShare } = dataset;
  const split = splitDataset({ size, testShare, seed: parameters.seed, testRun: false, tempScaling: true });
  const prepared = await prepareLabels(parameters, dataset, split);
  const changed = (part: Int32Array | null) =>
    part!.filter((example) => prepared.labels[example] !== dataset.labels[example]).length / part!.length;
  return { ...prepared, split, changed };
}

function write(name: string, rows: readonly unknown[]): string {
  const file = join(folder, name);
  writeFileSync(file, rows.join('\n'));
  return file;
}

it("takes the data set's own labels unless told otherwise", async () => {
  const { labels, disturbed } = await prepare({});
  expect(labels).toBe(dataset.labels);
  expect(disturbed).toBeNull();
});

it('disturbs the training part alone, and says of which examples', async () => {
  const { changed, split, disturbed, labels } = await prepare({ label_noise: 0.5 });
  expect(Math.abs(changed(split.train) - 0.45)).toBeLessThan(0.08);
  for (const part of [split.validation, split.scaling, split.test]) expect(changed(part)).toBe(0);
  expect(disturbed).toEqual(Array.from(labels, (label, i) => label !== dataset.labels[i]));
});

it('disturbs held-out parts, too, if asked to, and never the test part', async () => {
  const { changed, split } = await prepare({ label_noise: 0.9, noisy_validation: true });
  for (const part of [split.train, split.validation, split.scaling])
    expect(changed(part)).toBeGreaterThan(0.6);
  expect(changed(split.test)).toBe(0);
});

it('gives an example the same label in a trial and in the final run, and another with another seed', async () => {
  const first = await prepare({ label_noise: 0.5, noisy_validation: true, seed: 1 });
  const again = await prepare({ label_noise: 0.5, noisy_validation: true, seed: 1, test_run: true });
  expect(again.labels).toEqual(first.labels);
  const other = await prepare({ label_noise: 0.5, noisy_validation: true, seed: 2 });
  expect(other.labels).not.toEqual(first.labels);
});

it('takes the noise of a matrix as it is', async () => {
  const next = Array.from({ length: 10 }, (_, k) =>
    Array.from({ length: 10 }, (_, j) => (j === (k + 1) % 10 ? 1 : 0)),
  );
  const noise = write('next.csv', next);
  const { labels, split } = await prepare({ noise });
  expect(split.train.every((i) => labels[i] === (dataset.labels[i]! + 1) % 10)).toBe(true);
  const { labels: flipped } = await prepare({ label_noise: 1, noise: 'pairflip' });
  expect(labels).toEqual(flipped);
});

it.each(['all examples', "the authors' training part"])('takes labels of a file for %s', async (which) => {
  const count = which === 'all examples' ? dataset.size : dataset.parts.train;
  const file = write(
    'labels.txt',
    Array.from({ length: count }, (_, i) => 9 - dataset.labels[i]!),
  );
  const { labels, split, changed, disturbed } = await prepare({ labels: file });
  const given = split.train.filter((example) => example < count);
  expect(given.every((i) => labels[i] === 9 - dataset.labels[i]!)).toBe(true);
  expect(split.train.filter((i) => i >= count).every((i) => labels[i] === dataset.labels[i])).toBe(true);
  expect(changed(split.test)).toBe(0);
  expect(changed(split.validation)).toBe(0);
  expect(changedShare({ labels, disturbed, split, dataset } as never)).toBe(changed(split.train));
});

describe('rows in place of classes', () => {
  /** A row for each example: 1 on its class, `next` on the class after it. */
  const rows = (next: number, own = 1) =>
    Array.from(dataset.labels, (label) =>
      Array.from({ length: 10 }, (_, k) => (k === label ? own : k === (label + 1) % 10 ? next : 0)),
    );

  it('are sets of candidates for the training part, and one-hot rows for the others', async () => {
    const { targets, labels, disturbed, split } = await prepare({
      loss_name: 'credal',
      labels: write('sets.csv', rows(1)),
    });
    const rowOf = (example: number) => [...targets!.subarray(10 * example, 10 * (example + 1))];
    const [taught, tested] = [split.train[0]!, split.test[0]!];
    expect(rowOf(taught)).toEqual(rows(1)[taught]);
    expect(rowOf(tested)).toEqual(rows(0)[tested]);
    expect(labels).toBe(dataset.labels);
    expect(disturbed).toBeNull();
  });

  it('are class distributions for cross-entropy, and possibilities made of them for credal', async () => {
    const file = write('soft.csv', rows(0.25, 0.75));
    const soft = await prepare({ loss_name: 'cross_entropy', labels: file });
    const credal = await prepare({ loss_name: 'credal', labels: file });
    const example = soft.split.train[0]!;
    const label = dataset.labels[example]!;
    const pair = ({ targets }: { targets: Float32Array | null }) =>
      [label, (label + 1) % 10].map((k) => targets![10 * example + k]);
    expect(pair(soft)).toEqual([0.75, 0.25]);
    expect(pair(credal)).toEqual([1, 0.25]);
  });

  it.each([
    [
      'label_relaxation',
      0.25,
      /--labels .*: these are class distributions, and label_relaxation takes class numbers alone: take --loss_name credal$/u,
    ],
    [
      'cross_entropy',
      1,
      /these are possibilities, and cross_entropy takes class numbers or class distributions: take/u,
    ],
  ] as const)('are refused for %s where it cannot take them', async (loss_name, next, message) => {
    const labels = write('refused.csv', rows(next, next === 1 ? 1 : 0.75));
    await expect(prepare({ loss_name, labels, alpha: 0.1 })).rejects.toThrow(message);
  });

  it('are refused without a 1 where they are no distributions', async () => {
    const labels = write('neither.csv', rows(0.5, 0.75));
    await expect(prepare({ loss_name: 'credal', labels })).rejects.toThrow(
      /row 1 of the labels sums to 1\.25 and its largest number is 0\.75/u,
    );
  });

  it('that a data set has of its own are taken as the loss takes them', async () => {
    const targets = Float32Array.from(rows(0.25, 0.75).flat());
    const split = splitDataset({ size: 700, testShare: 0.2, seed: 0, testRun: true, tempScaling: false });
    const taught = (given: GivenParameters) => {
      const { parameters } = resolveParameters({
        model_name: 'simple_dense',
        dataset_name: 'mnist',
        ...given,
      });
      return prepareLabels(parameters, { ...dataset, targets }, split);
    };
    expect((await taught({ loss_name: 'brier' })).targets).toBe(targets);
    expect(Math.max(...(await taught({ loss_name: 'credal' })).targets!)).toBe(1);
    await expect(taught({ loss_name: 'focal' })).rejects.toThrow('focal takes class numbers alone');
    await expect(taught({ loss_name: 'brier', label_noise: 0.1 })).rejects.toThrow('mnist has soft labels');
  });
});

describe('refuses in one line', () => {
  const refusal = (given: GivenParameters) => prepare(given).catch((error: unknown) => error as Error);

  it.each([
    [
      'a matrix that is not stochastic',
      ['0.9,0.2', '0,1'],
      /^--noise .*: it has 2 rows of 2 numbers: 10 rows of 10/u,
    ],
    [
      'a row that does not sum to 1',
      Array.from({ length: 10 }, () => '0.1,0.1,0.1,0.1,0.1,0.1,0.1,0.1,0.1,0.2'),
      /^--noise .*: row 1 sums to 1\.1: the probabilities of a row sum to 1$/u,
    ],
    ['words', ['a b'], /^--noise .*: .*holds no numbers$/u],
  ])('%s', async (_name, rows, message) => {
    const error = await refusal({ noise: write('matrix.csv', rows) });
    expect(error).toBeInstanceOf(UsageError);
    expect((error as Error).message).toMatch(message);
  });

  it.each([
    [
      'another length',
      [1, 2, 3],
      /^--labels .*: it has 3 rows: mnist has 700 examples, of which the first 600/u,
    ],
    [
      'no class',
      new Array(600).fill(10),
      /^--labels .*: row 1 has the class 10: mnist has the classes 0 to 9$/u,
    ],
    ['parts of a class', new Array(600).fill(0.5), /row 1 has the class 0\.5/u],
  ])('%s', async (_name, rows, message) => {
    const error = await refusal({ labels: write('wrong.csv', rows) });
    expect(error).toBeInstanceOf(UsageError);
    expect((error as Error).message).toMatch(message);
  });

  it('asymmetric noise where none is defined', async () => {
    const { parameters } = resolveParameters({
      model_name: 'simple_dense',
      dataset_name: 'fashion_mnist',
      label_noise: 0.4,
      noise: 'asymmetric',
    });
    const split = splitDataset({ size: 700, testShare: 0.2, seed: 0, testRun: true, tempScaling: false });
    const preparing = prepareLabels(parameters, { ...dataset, name: 'fashion_mnist' }, split);
    await expect(preparing).rejects.toThrow(UsageError);
  });

  it('a file that is not there', async () => {
    expect(await refusal({ labels: join(folder, 'none.csv') })).toBeInstanceOf(UsageError);
  });
});
