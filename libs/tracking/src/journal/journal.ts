import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fdatasync,
  fstatSync,
  openSync,
  read,
  readSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { messageOf, MlflowError } from '../client/errors';
import { Lock } from './lock';
import { makeFolder } from './make-folder';
import {
  countEvents,
  isEvent,
  parseRecord,
  type CreatedRecord,
  type EventRecord,
  type JournalRecord,
  type StartRecord,
  type StatusRecord,
} from './records';
import { removeUnbegun } from './unbegun';

const readAsync = promisify(read);
const fdatasyncAsync = promisify(fdatasync);

const FSYNC_MS = 1000;
/** Lines kept in memory while the disk takes none. */
const BACKLOG_LINES = 100_000;
const NEWLINE = 0x0a;
/** Longer lines are none that was written. */
const LONGEST_LINE = 1 << 26;

/** An event with the byte of the journal at which it ends. */
export interface PendingEvent {
  record: EventRecord;
  end: number;
}

export interface JournalCounts {
  /** Events written so far. */
  logged: number;
  /** Events that the server has. */
  sent: number;
  /** Events that the server refused for good. */
  rejected: number;
}

/**
 * A run's events, one JSON line each, only ever appended to. A line is handed to the operating system before `append` returns, so it
 * outlives the process; once a second, and at the end, it is forced to the disk, so a power cut costs a second at most. A torn last line is skipped.
 */
export class Journal {
  /** What ends a run on the server has been written. */
  lastStatus: StatusRecord | undefined;
  created: CreatedRecord | undefined;
  /** Params by key, to find one that is logged with two values. */
  readonly params = new Map<string, string>();
  /** When something was last logged, in milliseconds. */
  lastEventAt: number;
  readonly counts: JournalCounts = { logged: 0, sent: 0, rejected: 0 };
  private size = 0;
  private acknowledged = 0;
  /** Where the last event ends. */
  private eventsEnd = 0;
  private torn = false;
  private readonly backlog: { line: string; event: boolean }[] = [];
  private lost = 0;
  private warnedDisk = false;
  private fsyncTimer: NodeJS.Timeout | undefined;
  private closed = false;

  private constructor(
    readonly file: string,
    readonly start: StartRecord,
    private readonly fd: number,
    private readonly lock: Lock,
    private readonly onWarning: (message: string) => void,
  ) {
    this.lastEventAt = start.startTime;
  }

  /** Begins a journal in `folder`; throws an `MlflowError` if it cannot be written there. */
  static create(
    folder: string,
    start: Omit<StartRecord, 'type' | 'version' | 'key'>,
    onWarning: (message: string) => void,
  ): Journal {
    const key = randomBytes(16).toString('hex');
    const file = join(folder, `${key}.jsonl`);
    let lock: Lock | undefined;
    let fd: number | undefined;
    try {
      makeFolder(folder);
      removeUnbegun(folder);
      lock = Lock.acquire(file);
      if (lock === undefined) throw new Error('it is locked');
      const record: StartRecord = { type: 'start', version: 1, key, ...start };
      fd = openSync(file, 'ax+', 0o600);
      writeFileSync(fd, `${JSON.stringify(record)}\n`);
      const journal = new Journal(file, record, fd, lock, onWarning);
      journal.scan();
      return journal;
    } catch (error) {
      if (fd !== undefined) {
        closeSync(fd);
        rmSync(file, { force: true });
      }
      lock?.release();
      throw new MlflowError(
        `The journal ${file} cannot be written: ${messageOf(error)} (set MLFLOW_JOURNAL_DIR to another folder)`,
        { cause: error },
      );
    }
  }

  /** Opens a journal that another process left; undefined if a living process writes it or it is gone. Throws if it is no journal. */
  static open(file: string, onWarning: (message: string) => void): Journal | undefined {
    const lock = Lock.acquire(file);
    if (lock === undefined) return undefined;
    if (!existsSync(file)) {
      lock.release();
      return undefined;
    }
    let fd: number | undefined;
    try {
      fd = openSync(file, 'a+');
      const first = linesOf(fd).next().value;
      const start = first === undefined ? undefined : parseRecord(first.text);
      if (start?.type !== 'start' || start.version !== 1)
        throw new MlflowError(`${file} is not a journal of a run: move it away.`);
      const journal = new Journal(file, start, fd, lock, onWarning);
      journal.scan();
      return journal;
    } catch (error) {
      if (fd !== undefined) closeSync(fd);
      lock.release();
      throw error;
    }
  }

  get key(): string {
    return this.start.key;
  }

  /** Where copies of artifacts wait. */
  get spoolFolder(): string {
    return spoolFolderOf(this.file);
  }

  /** Whether events wait to be sent. */
  get hasPending(): boolean {
    return this.eventsEnd > this.acknowledged || this.backlog.some(({ event }) => event);
  }

  /** Whether the disk has taken all that was appended. */
  get isWritten(): boolean {
    return this.backlog.length === 0;
  }

  /** Events that are neither on the server nor refused by it. */
  get waiting(): number {
    return this.counts.logged - this.counts.sent - this.counts.rejected;
  }

  /** Writes a record. Never throws for a disk in trouble: lines then wait in memory, and `onWarning` is told. */
  append(record: JournalRecord): void {
    this.note(record);
    this.backlog.push({ line: `${JSON.stringify(record)}\n`, event: isEvent(record) });
    this.flushBacklog();
  }

  /** The next events that are not acknowledged, about `bytes` of them. */
  async pending(bytes = 1 << 20): Promise<PendingEvent[]> {
    this.flushBacklog();
    let from = this.acknowledged;
    for (let length = bytes; from < this.size;) {
      const wanted = Math.min(length, this.size - from);
      const { bytesRead, buffer } = await readAsync(this.fd, Buffer.allocUnsafe(wanted), 0, wanted, from);
      const end = buffer.subarray(0, bytesRead).lastIndexOf(NEWLINE);
      if (end < 0) {
        if (from + bytesRead >= this.size) return [];
        if (length < LONGEST_LINE) length *= 2;
        else from += bytesRead;
        continue;
      }
      const events: PendingEvent[] = [];
      for (const line of splitLines(buffer.subarray(0, end + 1), from)) {
        const record = parseRecord(line.text);
        if (record !== undefined && isEvent(record)) events.push({ record, end: line.end });
      }
      if (events.length > 0) return events;
      from += end + 1;
    }
    return [];
  }

  /** Notes that everything up to byte `offset`, which is `events` events, is on the server, apart from `rejected` ones. */
  acknowledge(offset: number, events: number, rejected = 0, reason = ''): void {
    this.acknowledged = offset;
    this.counts.sent += events - rejected;
    if (rejected > 0) this.append({ type: 'rejected', events: rejected, reason });
    this.append({ type: 'ack', offset });
  }

  /** Forces what was written to the disk. */
  async sync(): Promise<void> {
    this.flushBacklog();
    if (!this.closed) await fdatasyncAsync(this.fd).catch((error: unknown) => this.warnDisk(error));
  }

  /** Closes the file and gives the lock back; what waits stays on disk. */
  close(): void {
    if (this.closed) return;
    this.flushBacklog();
    this.lost += this.backlog.length;
    if (this.lost > 0)
      this.onWarning(`${this.lost} lines for the journal ${this.file} are lost: the disk did not take them.`);
    this.closed = true;
    clearTimeout(this.fsyncTimer);
    closeSync(this.fd);
    this.lock.release();
  }

  /** Closes and deletes the journal and the copies of artifacts. */
  remove(): void {
    rmSync(this.spoolFolder, { recursive: true, force: true });
    rmSync(this.file, { force: true });
    this.close();
  }

  private flushBacklog(): void {
    if (this.closed) return;
    for (let entry = this.backlog[0]; entry !== undefined; entry = this.backlog[0]) {
      const line = Buffer.from(this.torn ? `\n${entry.line}` : entry.line, 'utf8');
      let written = 0;
      try {
        while (written < line.length) written += writeSync(this.fd, line, written);
      } catch (error) {
        this.torn ||= written > 0;
        this.size += written;
        this.warnDisk(error);
        return;
      }
      this.torn = false;
      this.size += written;
      if (entry.event) this.eventsEnd = this.size;
      this.backlog.shift();
    }
    this.fsyncTimer ??= setTimeout(() => {
      this.fsyncTimer = undefined;
      void this.sync();
    }, FSYNC_MS).unref();
  }

  private warnDisk(error: unknown): void {
    if (!this.warnedDisk) {
      this.onWarning(
        `The journal ${this.file} cannot be written: ${messageOf(error)}; events wait in memory until it can.`,
      );
    }
    this.warnedDisk = true;
    const surplus = this.backlog.length - BACKLOG_LINES;
    if (surplus > 0) this.lost += this.backlog.splice(0, surplus).length;
  }

  private warnDamage(lines: number): void {
    if (lines === 0) return;
    const which = lines === 1 ? 'a damaged line' : `${lines} damaged lines`;
    this.onWarning(
      `The journal ${this.file} has ${which}: what was logged there is lost, and the rest is sent.`,
    );
  }

  private note(record: JournalRecord): void {
    this.counts.logged += countEvents(record);
    switch (record.type) {
      case 'created':
        this.created = record;
        break;
      case 'status':
        this.lastStatus = record;
        this.lastEventAt = Math.max(this.lastEventAt, record.at);
        break;
      case 'metrics':
        this.lastEventAt = Math.max(this.lastEventAt, record.at);
        break;
      case 'params':
        for (const [key, value] of Object.entries(record.values)) this.params.set(key, value);
        break;
      case 'rejected':
        this.counts.rejected += record.events;
        break;
    }
  }

  /** Reads the file, to know what is in it. */
  private scan(): void {
    const damaged: number[] = [];
    let torn: string | undefined;
    for (const line of linesOf(this.fd)) {
      const record = parseRecord(line.text);
      // What a full disk cut off stands again, whole, on the next line.
      if (torn !== undefined && line.text.startsWith(torn)) damaged.pop();
      torn = record === undefined ? line.text : undefined;
      if (record === undefined || isAhead(record, line.end)) {
        damaged.push(line.end);
        continue;
      }
      this.note(record);
      if (record.type === 'ack') this.acknowledged = Math.max(this.acknowledged, record.offset);
      if (isEvent(record)) this.eventsEnd = line.end;
    }
    this.warnDamage(damaged.filter((end) => end > this.acknowledged).length);
    let waiting = 0;
    for (const line of linesOf(this.fd)) {
      const record = line.end > this.acknowledged ? parseRecord(line.text) : undefined;
      if (record !== undefined) waiting += countEvents(record);
    }
    this.counts.sent = this.counts.logged - this.counts.rejected - waiting;
    this.size = fstatSync(this.fd).size;
    this.torn = this.size > 0 && lastByte(this.fd, this.size) !== NEWLINE;
  }
}

/** Whether a record says that more was sent than stands before it. */
function isAhead(record: JournalRecord, end: number): boolean {
  return record.type === 'ack' && record.offset > end;
}

/** The folder beside a journal in which copies of artifacts wait. */
export function spoolFolderOf(file: string): string {
  return join(dirname(file), `${basename(file, '.jsonl')}.files`);
}

function* splitLines(buffer: Buffer, offset: number): Generator<{ text: string; end: number }> {
  let from = 0;
  for (let at = buffer.indexOf(NEWLINE); at >= 0; at = buffer.indexOf(NEWLINE, from)) {
    if (at > from) yield { text: buffer.toString('utf8', from, at), end: offset + at + 1 };
    from = at + 1;
  }
}

/** The complete lines of an open file, read a piece at a time. */
export function* linesOf(fd: number): Generator<{ text: string; end: number }> {
  let piece = Buffer.allocUnsafe(1 << 20);
  for (let offset = 0; ;) {
    const length = readSync(fd, piece, 0, piece.length, offset);
    const end = piece.subarray(0, length).lastIndexOf(NEWLINE) + 1;
    if (end > 0) {
      yield* splitLines(piece.subarray(0, end), offset);
      offset += end;
    } else if (length < piece.length) return;
    else if (piece.length < LONGEST_LINE) piece = Buffer.allocUnsafe(2 * piece.length);
    else offset += length;
  }
}

function lastByte(fd: number, size: number): number | undefined {
  const byte = Buffer.alloc(1);
  readSync(fd, byte, 0, 1, size - 1);
  return byte[0];
}
