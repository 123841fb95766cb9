import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { zipSync } from 'fflate';
import { npy } from '../../tools/test/npy';
import { writePhotographs } from './photographs';

jest.setTimeout(240_000);

const root = resolve(__dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'label-relaxation-examples-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The command in an example's header, as words. */
function commandOf(example: string): string[] {
  const text = readFileSync(join(root, 'examples', `${example}.ts`), 'utf8');
  const lines = /^ \* {3}(?=npm|node)([\s\S]*?[^\\])$/mu.exec(text)![1]!;
  return lines
    .replaceAll(/\\\n \*/gu, ' ')
    .trim()
    .split(/\s+/u);
}

/** Runs an example as its header says, but that npm is left out, and that it tracks its run offline. */
function run(example: string, flags: readonly string[], paths: Readonly<Record<string, string>>) {
  const [program, ...words] = commandOf(example);
  const own = ['-C', '@label-relaxation/source', '-r', join(root, 'tools/setup/app.cjs')];
  const isStudy = program === 'npm' && words.splice(0, 3).join(' ') === 'run study --';
  const given = (isStudy ? words : words.slice(4)).map((word) => paths[word] ?? word);
  const start = isStudy ? ['apps/study/src/main.ts'] : [];
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [...own, ...start, ...given, ...flags].map((word) =>
      word.replace(/^(\.\/)?(examples|apps)\//u, `${root}/$2/`),
    ),
    {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, NO_COLOR: '1', MLFLOW_JOURNAL_DIR: join(folder, 'journal') },
    },
  );
  if (status !== 0) throw new Error(`${example} ended with ${status}:\n${stderr}`);
  return { stdout, stderr };
}

it('photographs with a network of one’s own', async () => {
  const photos = join(folder, 'photos');
  await writePhotographs(photos, 66);
  const flags = ['--skip_damaged', '--test_run', '--data_augmentation', 'False', '--offline', '--json'];
  const { stdout, stderr } = run('small-network', flags, { './photos': photos });
  expect(stderr).toMatch(/2 damaged images are left out: .*cut-off\.jpg .*; .*empty\.jpg is empty/u);
  expect(stderr).not.toContain('slower');
  const result = JSON.parse(stdout.trim().split('\n').at(-1)!);
  expect(result).toMatchObject({
    scored: 'test',
    epochs: 20,
    split: { train: { size: 158 }, test: { size: 40 } },
  });
  expect(result.accuracy).toBeGreaterThan(0.9);
});

it('embeddings with a loss of one’s own', () => {
  const [size, width] = [600, 16];
  const labels = Uint8Array.from({ length: size }, (_, i) => i % 4);
  const values = Float32Array.from({ length: size * width }, (_, i) => {
    const [example, feature] = [Math.floor(i / width), i % width];
    return (feature % 4 === example % 4 ? 2 : 0) + Math.sin(7 * i) + Math.cos(3 * i * i);
  });
  const embeddings = join(folder, 'embeddings.npz');
  writeFileSync(embeddings, zipSync({ 'x.npy': npy(values, [size, width]), 'y.npy': npy(labels, [size]) }));
  const { stdout } = run('poly-loss', ['--offline', '--json'], { './embeddings.npz': embeddings });
  const result = JSON.parse(stdout.trim().split('\n').at(-1)!);
  expect(result).toMatchObject({ alpha: 1, calibrator: 'temperature', scored: 'validation' });
  expect(result.accuracy).toBeGreaterThan(0.9);
});

it('a Parquet file with several losses', () => {
  const { stdout } = run('compare-losses', [], {});
  const rows = stdout
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/u));
  expect(rows.map(([loss]) => loss)).toEqual(['cross_entropy', 'label_relaxation', 'focal']);
  for (const [, accuracy] of rows) expect(Number(accuracy)).toBeGreaterThan(0.9);
});
