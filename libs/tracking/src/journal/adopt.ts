import { closeSync, constants, cpSync, existsSync, openSync, rmSync } from 'node:fs';
import { MlflowError } from '../client/errors';
import { linesOf, spoolFolderOf, type Journal } from './journal';
import { Lock } from './lock';
import { isEvent, parseRecord } from './records';

/**
 * Copies what waits in another journal of the same run into this one, even while the process that writes that one lives. Throws
 * where the disk does not take all of it.
 */
export function adoptPending(journal: Journal, file: string): void {
  const spool = spoolFolderOf(file);
  if (existsSync(spool))
    cpSync(spool, journal.spoolFolder, { recursive: true, mode: constants.COPYFILE_FICLONE });
  const fd = openSync(file, 'r');
  try {
    let acknowledged = 0;
    for (const { text } of linesOf(fd)) {
      const record = parseRecord(text);
      if (record?.type === 'ack') acknowledged = Math.max(acknowledged, record.offset);
    }
    for (const { text, end } of linesOf(fd)) {
      const record = end > acknowledged ? parseRecord(text) : undefined;
      if (record !== undefined && isEvent(record)) journal.append(record);
    }
  } finally {
    closeSync(fd);
  }
  if (!journal.isWritten)
    throw new MlflowError(`What waits in ${file} cannot be copied: the disk takes no more.`);
}

/** Deletes a journal, whoever holds it: what its process still appends goes nowhere. */
export function discardJournal(file: string): void {
  rmSync(file, { force: true });
  rmSync(spoolFolderOf(file), { recursive: true, force: true });
  Lock.clear(file);
}
