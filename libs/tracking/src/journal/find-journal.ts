import { closeSync, openSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { MlflowError } from '../client/errors';
import type { KeyValue } from '../client/types';
import { journalFolder } from '../options';
import { Journal, linesOf } from './journal';
import { Lock } from './lock';
import { localRunId, parseRecord, type CreatedRecord, type StartRecord } from './records';

/** What tells which run a journal belongs to. */
export interface JournalHead {
  file: string;
  start: StartRecord;
  created: CreatedRecord | undefined;
}

/** The journals in a folder, the oldest run first; files that are none are left out. */
export function listJournals(folder: string): JournalHead[] {
  return journalFiles(folder)
    .flatMap((file) => readHead(file) ?? [])
    .sort((a, b) => a.start.startTime - b.start.startTime);
}

/** Opens the journal that was left of a run; undefined if there is none. Throws an `MlflowError` if a living process writes it. */
export function findJournal(
  folder: string,
  runId: string,
  onWarning: (message: string) => void,
): Journal | undefined {
  const head = listJournals(folder).find((candidate) => belongsTo(candidate, runId));
  if (head === undefined) return undefined;
  const journal = Journal.open(head.file, onWarning);
  if (journal !== undefined) return journal;
  const pid = Lock.holder(head.file);
  if (pid === undefined) return undefined;
  throw new MlflowError(
    `The run ${runId} is being logged by process ${pid}: wait for its end, or end that process.`,
  );
}

/**
 * The run with this tag whose process went away before the run had ended, by the journal that it left: the last one that
 * was started. Undefined if there is none.
 */
export function interruptedRun(tag: KeyValue, options: { journalDir?: string } = {}): string | undefined {
  const left = listJournals(journalFolder(options)).filter(
    ({ file, start }) =>
      start.tags.some(({ key, value }) => key === tag.key && value === tag.value) &&
      Lock.holder(file) === undefined &&
      !hasEnded(file),
  );
  const last = left.at(-1);
  return last && (last.created?.runId ?? localRunId(last.start.key));
}

function hasEnded(file: string): boolean {
  const fd = openSync(file, 'r');
  try {
    let ended = false;
    for (const { text } of linesOf(fd)) {
      const record = text.startsWith('{"type":"status"') ? parseRecord(text) : undefined;
      if (record?.type === 'status') ended = record.status !== 'RUNNING';
    }
    return ended;
  } finally {
    closeSync(fd);
  }
}

/** Whether a journal is of the run with this id, the server's or `local-<key>`. */
export function belongsTo({ start, created }: JournalHead, runId: string): boolean {
  return created?.runId === runId || start.resume === runId || localRunId(start.key) === runId;
}

function journalFiles(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => /^[0-9a-f]{32}\.jsonl$/.test(name))
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}

function readHead(file: string): JournalHead | undefined {
  let fd: number;
  try {
    fd = openSync(file, 'r');
  } catch {
    return undefined;
  }
  try {
    let start: StartRecord | undefined;
    for (const { text } of linesOf(fd)) {
      if (start === undefined) {
        const record = parseRecord(text);
        if (record?.type !== 'start' || record.key !== basename(file, '.jsonl')) return undefined;
        start = record;
      } else if (text.startsWith('{"type":"created"')) {
        const record = parseRecord(text);
        if (record?.type === 'created') return { file, start, created: record };
      }
    }
    return start === undefined ? undefined : { file, start, created: undefined };
  } finally {
    closeSync(fd);
  }
}
