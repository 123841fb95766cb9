import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Journal } from './journal';
import { findJournal, listJournals } from './find-journal';
import type { MetricsRecord } from './records';

let folder: string;
let warnings: string[];
const warn = (message: string) => warnings.push(message);

beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), 'tracking-journal-'));
  warnings = [];
});

afterEach(() => {
  jest.restoreAllMocks();
  fs.rmSync(folder, { recursive: true });
});

function create(): Journal {
  return Journal.create(folder, { experiment: { name: 'x' }, startTime: 5, tags: [] }, warn);
}

function metrics(step: number): MetricsRecord {
  return { type: 'metrics', at: 10 + step, step, values: { loss: step, accuracy: 'NaN' } };
}

async function steps(journal: Journal, bytes?: number): Promise<number[]> {
  return (await journal.pending(bytes)).map(({ record }) => (record as MetricsRecord).step);
}

describe('Journal', () => {
  it('gives back what was appended until it is acknowledged', async () => {
    const journal = create();
    expect(journal.hasPending).toBe(false);
    for (let step = 0; step < 3; step += 1) journal.append(metrics(step));
    expect(journal.counts).toEqual({ logged: 6, sent: 0, rejected: 0 });
    const pending = await journal.pending();
    expect(pending.map(({ record }) => record)).toEqual([0, 1, 2].map(metrics));
    journal.acknowledge(pending[1]?.end ?? 0, 4);
    expect(await steps(journal)).toEqual([2]);
    expect(journal.waiting).toBe(2);
    journal.append(metrics(3));
    expect(await steps(journal)).toEqual([2, 3]);
    journal.acknowledge((await journal.pending()).at(-1)?.end ?? 0, 4, 1, 'no');
    expect(journal.hasPending).toBe(false);
    expect(journal.counts).toEqual({ logged: 8, sent: 7, rejected: 1 });
    journal.close();
  });

  it('reads a piece at a time, and a line that is longer than a piece', async () => {
    const journal = create();
    for (let step = 0; step < 100; step += 1) journal.append(metrics(step));
    journal.append({ type: 'tags', values: { long: 'x'.repeat(5000) } });
    const read: number[] = [];
    while (journal.hasPending) {
      const pending = await journal.pending(1000);
      expect(pending.length).toBeLessThan(30);
      read.push(...pending.flatMap(({ record }) => (record.type === 'metrics' ? [record.step] : [])));
      journal.acknowledge(pending.at(-1)?.end ?? 0, 0);
    }
    expect(read).toEqual(Array.from({ length: 100 }, (_, i) => i));
    journal.close();
  });

  it('goes on after a process that died in the middle of a line', async () => {
    const journal = create();
    for (let step = 0; step < 3; step += 1) journal.append(metrics(step));
    journal.append({ type: 'params', values: { a: '1' } });
    const [first] = await journal.pending();
    journal.acknowledge(first?.end ?? 0, 2);
    journal.close();
    fs.appendFileSync(journal.file, '{"type":"metrics","at":1,"st');
    const opened = Journal.open(journal.file, warn);
    expect(opened?.start).toEqual(journal.start);
    expect(opened?.counts).toEqual({ logged: 7, sent: 2, rejected: 0 });
    expect(opened?.params.get('a')).toBe('1');
    expect(opened?.lastEventAt).toBe(12);
    opened?.append(metrics(7));
    expect(
      (await opened?.pending())?.flatMap(({ record }) => (record.type === 'metrics' ? [record.step] : [])),
    ).toEqual([1, 2, 7]);
    opened?.close();
  });

  it('is open in one process only', () => {
    const journal = create();
    expect(Journal.open(journal.file, warn)).toBeUndefined();
    journal.close();
    const opened = Journal.open(journal.file, warn);
    expect(opened).toBeDefined();
    opened?.remove();
    expect(fs.readdirSync(folder)).toEqual([]);
    expect(Journal.open(journal.file, warn)).toBeUndefined();
    expect(fs.readdirSync(folder)).toEqual([]);
  });

  it('keeps lines in memory while the disk is full, and writes them when it is not', async () => {
    const journal = create();
    journal.append(metrics(0));
    const write = fs.writeSync as (...args: unknown[]) => number;
    let writes = 0;
    const full = jest.spyOn(fs, 'writeSync').mockImplementation(((...args: unknown[]) => {
      writes += 1;
      if (writes === 1) return write(args[0], (args[1] as Buffer).subarray(0, 7));
      throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    }) as typeof fs.writeSync);
    journal.append(metrics(1));
    journal.append(metrics(2));
    expect(journal.hasPending).toBe(true);
    expect(await steps(journal)).toEqual([0]);
    full.mockRestore();
    journal.append(metrics(3));
    expect(await steps(journal)).toEqual([0, 1, 2, 3]);
    expect(warnings).toEqual([expect.stringContaining('ENOSPC')]);
    journal.close();
    const opened = Journal.open(journal.file, warn);
    expect(opened?.counts.logged).toBe(8);
    opened?.close();
  });

  it('says at the start if it cannot be written', () => {
    fs.writeFileSync(join(folder, 'file'), '');
    expect(() => Journal.create(join(folder, 'file'), { startTime: 1, tags: [] }, warn)).toThrow(
      /The journal .* cannot be written/,
    );
  });

  it('leaves nothing where the disk takes no first line', () => {
    jest.spyOn(fs, 'writeFileSync').mockImplementation(() => {
      throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    });
    expect(create).toThrow(/The journal .* cannot be written: ENOSPC/);
    expect(fs.readdirSync(folder)).toEqual([]);
  });

  it('refuses a file of another kind', () => {
    const file = join(folder, `${'0'.repeat(32)}.jsonl`);
    fs.writeFileSync(file, '{"hello": 1}\n');
    expect(() => Journal.open(file, warn)).toThrow('is not a journal of a run');
    expect(fs.readdirSync(folder)).toHaveLength(1);
  });
});

describe('findJournal', () => {
  it('finds a run by the id of the server, by its own, and by the one it goes on with', () => {
    const journal = create();
    journal.append({
      type: 'created',
      runId: 'abc',
      runName: 'n',
      experimentId: '1',
      artifactUri: 'mlflow-artifacts:/1/abc',
    });
    expect(() => findJournal(folder, 'abc', warn)).toThrow(`is being logged by process ${process.pid}`);
    journal.close();
    const resumed = Journal.create(folder, { startTime: 6, tags: [], resume: 'def' }, warn);
    resumed.close();
    fs.writeFileSync(join(folder, `${'0'.repeat(32)}.jsonl`), 'torn');
    for (const [id, file] of [
      ['abc', journal.file],
      [`local-${journal.key}`, journal.file],
      ['def', resumed.file],
    ] as const) {
      const found = findJournal(folder, id, warn);
      expect(found?.file).toBe(file);
      found?.close();
    }
    expect(findJournal(folder, 'unknown', warn)).toBeUndefined();
    expect(listJournals(folder).map(({ file }) => file)).toEqual([journal.file, resumed.file]);
    expect(listJournals(join(folder, 'none'))).toEqual([]);
  });
});

it('what was left of journals without a first line goes when the next one is made, but what is of a living process', () => {
  const journal = create();
  const [left, torn, locked, held] = ['1', '2', '3', '4'].map((digit) =>
    join(folder, `${digit.repeat(32)}.jsonl`),
  ) as [string, string, string, string];
  fs.writeFileSync(left, '');
  fs.writeFileSync(torn, '{"type":"start","vers');
  const [lock] = fs.readdirSync(folder).filter((name) => name.includes('.lock-')) as [string];
  const [ours, another] = [lock.slice(38), lock.slice(38).replace(/-\d+-/, '-1-')];
  for (const file of [left, locked]) fs.writeFileSync(`${file}${another}`, '');
  fs.writeFileSync(held, '');
  fs.writeFileSync(`${held}${ours}`, '');
  const next = create();
  for (const { file } of [journal, next]) expect(fs.existsSync(file)).toBe(true);
  expect(fs.readdirSync(folder).filter((name) => /^([123])\1{31}/.test(name))).toEqual([]);
  expect(fs.readdirSync(folder).filter((name) => name.startsWith('4'.repeat(32)))).toHaveLength(2);
  journal.close();
  next.close();
});
