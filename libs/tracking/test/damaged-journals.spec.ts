import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Damage, damage, damaged } from '../../../tools/test/damage';
import { damagedJson, jsonDamage } from '../../../tools/test/damaged-json';
import { fuzz } from '../../../tools/test/fuzz';
import { tries } from '../../../tools/test/long';
import { startRun, syncJournal } from '../src';
import { Journal } from '../src/journal/journal';
import { isEvent, parseRecord } from '../src/journal/records';
import { AnsweringServer } from './support/answering-server';
import { temporaryFolder } from './support/workspace';

jest.setTimeout(3_600_000);

const folder = temporaryFolder();
const server = new AnsweringServer();
let uri: string;
let file: string;
let lines: string[];
beforeAll(async () => {
  uri = await server.start();
  const run = await startRun({
    offline: true,
    journalDir: folder.path,
    experimentName: 'x',
    runName: 'one',
    params: { seed: 0 },
  });
  for (let step = 0; step < 5; step += 1) run.logMetrics({ loss: step / 3, accuracy: NaN }, step);
  run.setTags({ stage: 'done' });
  run.logInput({ name: 'mnist', digest: 'abc', source: 'here' }, 'train');
  run.logText('abc', 'summary.txt');
  await run.end();
  file = join(
    folder.path,
    readdirSync(folder.path).find((name) => name.endsWith('.jsonl'))!,
  );
  lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  const ends = lines.map((_, i) => Buffer.byteLength(`${lines.slice(0, i + 1).join('\n')}\n`));
  lines.push(JSON.stringify({ type: 'ack', offset: ends[3] }));
});
afterAll(async () => {
  await server.stop();
  folder.remove();
});

/** Opens the journal, and reads all that waits in it. */
async function readAll(): Promise<{ events: number; warnings: string[]; waiting: number }> {
  const warnings: string[] = [];
  const journal = Journal.open(file, (message) => warnings.push(message));
  if (journal === undefined) throw new Error('it is held');
  try {
    const waiting = journal.waiting;
    let events = 0;
    while (journal.hasPending) {
      const pending = await journal.pending(200);
      if (pending.length === 0) throw new Error('what waits does not come');
      events += pending.filter(({ record }) => isEvent(record)).length;
      journal.acknowledge(pending.at(-1)!.end, 0);
    }
    return { events, warnings, waiting };
  } finally {
    journal.close();
  }
}

it('a damaged journal gives records of the right shape, or is refused in one line', async () => {
  const { taken, refused } = await fuzz({
    inputs: damage,
    runs: tries(100, 8_000),
    refusals: ['MlflowError'],
    read: (edits: Damage) => {
      writeFileSync(file, damaged(Buffer.from(`${lines.join('\n')}\n`), edits));
      return readAll();
    },
    check: ({ warnings, waiting }) => {
      expect(waiting).toBeGreaterThanOrEqual(0);
      for (const warning of warnings) expect(warning).not.toContain('\n');
    },
  });
  expect([taken > 0, refused > 0]).toEqual([true, true]);
});

it('a line that is damaged is told, and the others are read', async () => {
  const at = lines.findLastIndex((line) => line.includes('"metrics"'));
  const torn = lines.with(at, lines[at]!.slice(0, 30));
  writeFileSync(file, `${torn.join('\n')}\n`);
  const whole = lines.filter((line) => isEvent(parseRecord(line)!)).length;
  const { warnings } = await readAll();
  expect(warnings).toEqual([
    `The journal ${file} has a damaged line: what was logged there is lost, and the rest is sent.`,
  ]);
  // Torn by a full disk and written again, nothing is lost.
  writeFileSync(file, `${lines.toSpliced(at, 0, lines[at]!.slice(0, 30)).join('\n')}\n`);
  const again = await readAll();
  expect(again.warnings).toEqual([]);
  expect(again.events).toBeLessThanOrEqual(whole);
});

it('a journal of damaged records is sent as far as it can be, and says in one line what cannot', async () => {
  const { taken } = await fuzz({
    inputs: jsonDamage,
    runs: tries(25, 3_000),
    refusals: ['MlflowError'],
    read: (changes) => {
      const records = damagedJson(
        lines.map((line) => JSON.parse(line) as unknown),
        changes,
      );
      const text = (Array.isArray(records) ? records : [records]).map(
        (record) => `${JSON.stringify(record)}\n`,
      );
      writeFileSync(file, text.join(''));
      return syncJournal({
        journalDir: folder.path,
        trackingUri: uri,
        timeoutMs: 5_000,
        maxRetries: 0,
        backoffMs: 1,
      });
    },
    check: ({ runs }) => {
      for (const { reason } of runs) {
        expect(reason ?? '').not.toMatch(/\n|Cannot read|is not (iterable|a function)|undefined/u);
      }
    },
  });
  expect(taken).toBeGreaterThan(0);
});

it('a journal of a line without end is read in bounded memory', () => {
  writeFileSync(file, Buffer.alloc(400e6, 0x7b));
  const before = process.resourceUsage().maxRSS;
  expect(() => Journal.open(file, () => undefined)).toThrow('is not a journal of a run');
  expect((process.resourceUsage().maxRSS - before) / 1024).toBeLessThan(700);
  writeFileSync(file, '');
});
