import { MlflowClient } from './client/client';
import type { TransferProgress } from './client/artifacts';
import { type ConnectionOptions, normaliseTrackingUri } from './client/connection';
import { messageOf, MlflowError } from './client/errors';
import { belongsTo, listJournals, type JournalHead } from './journal/find-journal';
import { Journal } from './journal/journal';
import { Lock } from './journal/lock';
import { localRunId } from './journal/records';
import { removeUnbegun } from './journal/unbegun';
import { journalFolder } from './options';
import type { EndStatus } from './run';
import { SupersededError } from './sender/ensure-run';
import { Sender } from './sender/sender';

export interface SyncOptions extends ConnectionOptions {
  /** Folder of the journals. Default: `MLFLOW_JOURNAL_DIR`, or `.mlflow/journal` in the working directory. */
  journalDir?: string;
  /** Only the journal of this run. */
  runId?: string;
  /** How a run ends whose process died. Default `KILLED`. */
  closeAs?: EndStatus;
  /** Milliseconds without anything getting through after which a run is left for later. Default 30,000. */
  timeoutMs?: number;
  restoreDeletedExperiment?: boolean;
  onWarning?: (message: string) => void;
  onProgress?: (progress: TransferProgress) => void;
  signal?: AbortSignal;
}

/** What became of one journal. */
export interface SyncedRun {
  runId: string;
  journalFile: string;
  /**
   * `sent`: stored and the journal deleted; `waiting`: not all could be sent; `busy`: a living process writes or sends it; `superseded`:
   * another process took the run over, so that the journal was deleted.
   */
  outcome: 'sent' | 'waiting' | 'busy' | 'superseded';
  /** Events in the journal. */
  logged: number;
  /** Events that the server has. */
  sent: number;
  rejected: number;
  waiting: number;
  /** Why something waits. */
  reason: string | undefined;
}

export interface SyncReport {
  runs: SyncedRun[];
  /** Events that wait in all journals together. */
  waiting: number;
}

/** Once one journal has waited in vain for a server, the others need not. */
interface Server {
  client: MlflowClient;
  trouble: MlflowError | undefined;
}

/**
 * Sends what journals hold: of runs that were offline, that a gone server cut off, or whose process died, which end as `closeAs`. Each run goes
 * to the server that `trackingUri` names, else to the one it was started with, else to that of `MLFLOW_TRACKING_URI`; to this one also
 * where it alone knows the run, since the server has moved. Journals that are sent are deleted; those that a living process writes are
 * left alone. Safe to call again and from several processes: what is stored is not stored twice.
 */
export async function syncJournal(options: SyncOptions = {}): Promise<SyncReport> {
  const servers = new Map<string, Server>();
  const runs: SyncedRun[] = [];
  const folder = journalFolder(options);
  removeUnbegun(folder);
  for (const head of listJournals(folder)) {
    if (options.signal?.aborted) break;
    if (options.runId !== undefined && !belongsTo(head, options.runId)) continue;
    const run = await syncOne(head, options, servers);
    if (run !== undefined) runs.push(run);
  }
  return { runs, waiting: runs.reduce((sum, { waiting }) => sum + waiting, 0) };
}

async function syncOne(
  head: JournalHead,
  options: SyncOptions,
  servers: Map<string, Server>,
): Promise<SyncedRun | undefined> {
  const onWarning = options.onWarning ?? (() => undefined);
  const journal = await openPatiently(head.file, onWarning);
  if (journal === undefined) return busy(head);
  const stopped = () => void sender?.stop();
  let sender: Sender | undefined;
  let outcome: SyncedRun['outcome'] = 'waiting';
  let reason: string | undefined;
  try {
    const server = await serverFor(head, options, servers);
    if (server.trouble !== undefined) throw server.trouble;
    if (journal.lastStatus === undefined || journal.lastStatus.status === 'RUNNING') {
      journal.append({ type: 'status', status: options.closeAs ?? 'KILLED', at: journal.lastEventAt });
    }
    sender = new Sender({
      client: server.client,
      journal,
      flushIntervalMs: 0,
      restoreDeletedExperiment: options.restoreDeletedExperiment ?? false,
      mayExist: true,
      onWarning,
      onProgress: options.onProgress ?? (() => undefined),
    });
    options.signal?.addEventListener('abort', stopped, { once: true });
    const done = await sender.drain({ idleMs: options.timeoutMs ?? 30_000, totalMs: Infinity });
    if (done) outcome = 'sent';
    else if (sender.failure instanceof SupersededError) outcome = 'superseded';
    else server.trouble = sender.lastError;
    reason = done
      ? undefined
      : ((sender.failure ?? sender.lastError)?.message ?? 'The server did not answer.');
  } catch (error) {
    reason = messageOf(error);
  } finally {
    options.signal?.removeEventListener('abort', stopped);
    await sender?.stop();
  }
  const { logged, sent, rejected } = journal.counts;
  const runId = journal.created?.runId ?? head.start.resume ?? localRunId(head.start.key);
  const waiting = outcome === 'superseded' ? 0 : journal.waiting;
  if (outcome === 'waiting') journal.close();
  else journal.remove();
  return { runId, journalFile: head.file, outcome, logged, sent, rejected, waiting, reason };
}

/** Two processes that come at once may both step back: each tries a few times, at moments of its own. */
async function openPatiently(
  file: string,
  onWarning: (message: string) => void,
): Promise<Journal | undefined> {
  for (let tries = 1; ; tries += 1) {
    const journal = Journal.open(file, onWarning);
    if (journal !== undefined || tries === 3) return journal;
    await new Promise((resolve) => setTimeout(resolve, 20 + Math.random() * 80));
  }
}

function busy(head: JournalHead): SyncedRun | undefined {
  const pid = Lock.holder(head.file);
  if (pid === undefined) return undefined;
  return {
    runId: head.created?.runId ?? head.start.resume ?? localRunId(head.start.key),
    journalFile: head.file,
    outcome: 'busy',
    logged: 0,
    sent: 0,
    rejected: 0,
    waiting: 0,
    reason: `Process ${pid} is at it.`,
  };
}

async function serverFor(
  head: JournalHead,
  options: SyncOptions,
  servers: Map<string, Server>,
): Promise<Server> {
  const present = process.env.MLFLOW_TRACKING_URI || undefined;
  const trackingUri = options.trackingUri ?? head.start.trackingUri ?? present;
  if (trackingUri === undefined) {
    throw new MlflowError(
      'The run was started offline and no server is named: set MLFLOW_TRACKING_URI or pass trackingUri.',
    );
  }
  const server = serverAt(trackingUri, options, servers);
  const runId = head.created?.runId ?? head.start.resume;
  if (options.trackingUri !== undefined || runId === undefined) return server;
  if (present === undefined || !isAddress(present)) return server;
  const moved = serverAt(present, options, servers);
  if (moved === server || (await knows(server, runId))) return server;
  return (await knows(moved, runId)) ? moved : server;
}

function serverAt(trackingUri: string, options: SyncOptions, servers: Map<string, Server>): Server {
  const address = normaliseTrackingUri(trackingUri);
  let server = servers.get(address);
  if (server === undefined) {
    server = { client: new MlflowClient({ ...options, trackingUri }), trouble: undefined };
    servers.set(address, server);
  }
  return server;
}

/** Whether it is a server's address, and not a folder or a database of MLflow's own client. */
function isAddress(trackingUri: string): boolean {
  try {
    normaliseTrackingUri(trackingUri);
    return true;
  } catch {
    return false;
  }
}

/** Whether a server answers that it has a run. */
async function knows({ client, trouble }: Server, runId: string): Promise<boolean> {
  if (trouble !== undefined) return false;
  return client.getRun(runId, { retries: 0 }).then(
    () => true,
    () => false,
  );
}
