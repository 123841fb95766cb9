import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { whenMounts } from '../../../tools/test/mounts';
import { smallDisk, type SmallDisk } from '../../../tools/test/small-disk';
import { performRun } from '../src/lazy';
import { resolveParameters } from '../src/parameters/hyperparameters';
import type { GivenParameters } from '../src/parameters/parameters';
import type { RunEvent } from '../src/run/events';
import { writeSmallMnist } from './small-mnist';

jest.setTimeout(180_000);
const epochs = 2;

let disk: SmallDisk;
let folder: string;
let warnings: string[];
beforeAll(() => {
  disk = smallDisk(80);
  folder = mkdtempSync(join(tmpdir(), 'full-disk-'));
  writeSmallMnist(join(folder, 'data'));
});
afterAll(() => {
  disk.remove();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  warnings = [];
  process.env['MLFLOW_JOURNAL_DIR'] = join(folder, 'journal');
});
afterEach(() => {
  delete process.env['MLFLOW_JOURNAL_DIR'];
  disk.leave();
});

/** Performs a run offline, with its checkpoints in a folder; `at` is told when an epoch is done and when the run is scored. */
function perform(
  checkpointDir: string,
  at: (moment: string) => unknown = () => undefined,
  given: GivenParameters = {},
) {
  const { parameters } = resolveParameters({
    ...{ model_name: 'simple_dense', dataset_name: 'mnist', data_dir: join(folder, 'data') },
    ...{ alpha: 0.1, epochs, initial_lr: 0.05, data_augmentation: false, threads: 1, offline: true },
    ...given,
  });
  const onEvent = (event: RunEvent) => {
    if (event.type === 'warning' && !event.message.includes('as published')) warnings.push(event.message);
    if (event.type === 'epoch') at(`epoch ${event.epoch}`);
    if (event.type === 'stage') at(event.message);
  };
  return performRun(parameters, { checkpointDir, onEvent });
}

/** The steps at which the journal of a run has a loss, whether it has a model, and the run's last status. */
function journalIn(place: string) {
  const [file] = readdirSync(place).filter((name) => name.endsWith('.jsonl')) as [string];
  const lines = readFileSync(join(place, file), 'utf8').trim().split('\n');
  const records = lines.flatMap((line) => {
    try {
      return [JSON.parse(line) as { type: string; step?: number; values?: object; status?: string }];
    } catch {
      return []; // What a full disk cut off stands again, whole, on the next line.
    }
  });
  return {
    losses: records.flatMap(({ type, step, values }) =>
      type === 'metrics' && 'loss' in (values as object) ? [step] : [],
    ),
    hasModel: records.some(({ type }) => type === 'model'),
    status: records.findLast(({ type }) => type === 'status')?.status,
  };
}

const scores = { accuracy: expect.any(Number), nll: expect.any(Number) };
let whole: { accuracy: number; nll: number };

whenMounts(it)('a run goes on without checkpoints where their disk is full, and says so once', async () => {
  const { accuracy, nll } = await perform(join(disk.folder, 'checkpoint'));
  whole = { accuracy, nll };
  expect(warnings).toEqual([expect.stringMatching(/wait in .*; to send: /u)]);
  warnings = [];
  disk.leave(100_000);
  expect(await perform(join(disk.folder, 'other'))).toMatchObject({ ...scores, ...whole });
  expect(warnings).toEqual([
    expect.stringMatching(/^The file .*checkpoint\.bin cannot be written: E.*; the training goes on/u),
    expect.stringMatching(/wait in .*; to send: /u),
  ]);
  expect(readdirSync(disk.folder)).not.toContain('other');
});

whenMounts(it)('a run whose journal cannot be begun ends before it has, and leaves nothing', async () => {
  const journal = join(disk.folder, 'unbegun');
  process.env['MLFLOW_JOURNAL_DIR'] = journal;
  disk.leave(0);
  await expect(perform(join(folder, 'checkpoint'))).rejects.toThrow(
    /^The journal .*\.jsonl cannot be written: (Error: )?ENOSPC: [^\n]*$/u,
  );
  expect(readdirSync(journal)).toEqual([]);
});

whenMounts(it)('a run in a folder that nobody may write to ends before it has begun', async () => {
  // Not even root makes a folder in the kernel's.
  await expect(perform('/sys/checkpoint')).rejects.toThrow(
    /^The folder \/sys\/checkpoint for checkpoints cannot be written: [^\n]*$/u,
  );
  process.env['MLFLOW_JOURNAL_DIR'] = '/sys/journal';
  await expect(perform(join(folder, 'checkpoint'))).rejects.toThrow(
    /^The journal \/sys\/journal\/\w+\.jsonl cannot be written: [^\n]*$/u,
  );
});

whenMounts(it)('a journal that cannot be written for a while has all in the end', async () => {
  const journal = join(disk.folder, 'journal');
  process.env['MLFLOW_JOURNAL_DIR'] = journal;
  disk.leave(4096);
  const relieve = (moment: string) => moment.startsWith('scoring') && disk.leave();
  await perform(join(folder, 'checkpoint'), relieve, { epochs: 8 });
  const [told, ...others] = warnings.filter((warning) => !/^The artifact .* is lost: /u.test(warning));
  expect(told).toMatch(/^The journal .* cannot be written: .*; events wait in memory until it can\.$/u);
  expect(others).toEqual([expect.stringMatching(/wait in .*; to send: /u)]);
  expect(journalIn(journal)).toEqual({
    losses: [0, 1, 2, 3, 4, 5, 6, 7],
    hasModel: true,
    status: 'FINISHED',
  });
  rmSync(journal, { recursive: true });
});

whenMounts(it)(
  'a run whose model cannot be kept fails in one line, leaves no part of it, and is gone on with when it can',
  async () => {
    const journal = join(disk.folder, 'models');
    process.env['MLFLOW_JOURNAL_DIR'] = journal;
    const place = join(folder, 'resumed');
    const full = perform(place, (moment) => {
      if (moment.startsWith('scoring')) disk.leave(400_000);
    });
    await expect(full).rejects.toThrow(
      /^The model model is lost: nothing more can be kept in \S+: (Error: )?ENOSPC: [^\n']*$/u,
    );
    disk.leave();
    expect(journalIn(journal)).toEqual({ losses: [0, 1], hasModel: false, status: 'FAILED' });
    const [spool] = readdirSync(journal).filter((name) => name.endsWith('.files')) as [string];
    expect(
      readdirSync(join(journal, spool), { recursive: true }).filter((name) => /model/u.test(String(name))),
    ).toEqual([]);

    expect(await perform(place, undefined, { resume: true })).toMatchObject({ ...scores, ...whole });
    expect(journalIn(journal)).toEqual({ losses: [0, 1, 0, 1], hasModel: true, status: 'FINISHED' });
    expect(existsSync(place)).toBe(false);
  },
);
