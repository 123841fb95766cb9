import { UsageError } from './errors';

const fullDisk = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);
const signalCodes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/**
 * Milliseconds in which signals count as one: a terminal tells each process of the command, and npm and Nx hand on to it
 * what they were told, so that one Ctrl-C arrives two or three times.
 */
const echoMs = 1000;

/** A signal that stops a command. */
export type StopSignal = keyof typeof signalCodes;

/** The signals that stop a command. */
export const stopSignals = Object.keys(signalCodes) as StopSignal[];

/** Why a command's AbortSignal is aborted: the operating system's signal that the process got. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
  constructor(readonly signal: StopSignal) {
    super(`stopped by ${signal}`);
  }
}

/**
 * Runs a command to its exit code: 0, 2 for a UsageError, 130, 143 or 129 after SIGINT, SIGTERM or SIGHUP, 1 for any other
 * error. An error is told in one line on stderr; LABEL_RELAXATION_DEBUG=1 adds its stack. A command that waits for what can
 * no longer happen ends with 1, not with Node's 0. The first signal aborts what runs, so that it can end its MLflow run;
 * those of the next second are its echoes; a later one ends the process at once.
 */
export async function runCommand(main: (signal: AbortSignal) => Promise<number>): Promise<never> {
  const signal = abortOnSignals();
  let unprinted: NodeJS.ErrnoException | undefined;
  process.stdout.on('error', (error) => (unprinted = forgive(error) ?? unprinted));
  process.stderr.on('error', forgive);
  process.once('beforeExit', () => {
    process.stderr.write('the command ended before it was done, with nothing left that it waits for\n');
    process.exit(1);
  });
  const code = await main(signal).catch((error: unknown) => explain(error, signal));
  await drain(process.stdout);
  if (unprinted) process.stderr.write(`the result could not be printed: ${unprinted.message}\n`);
  await drain(process.stderr);
  process.exit(code || Number(unprinted !== undefined));
}

function abortOnSignals(): AbortSignal {
  const controller = new AbortController();
  let insists = false;
  for (const name of stopSignals) {
    process.on(name, () => {
      if (insists) process.exit(signalCodes[name]);
      if (controller.signal.aborted) return;
      controller.abort(new Stopped(name));
      // An echo that came while the process was busy is heard after timers and before immediates.
      setTimeout(() => setImmediate(() => (insists = true)), echoMs).unref();
    });
  }
  return controller.signal;
}

/**
 * A terminal that was closed, a reader that is gone or a full disk below an output is no reason to leave what runs unfinished. Gives
 * the error where somebody lacks the output: all but a reader that has gone.
 */
function forgive(error: NodeJS.ErrnoException): NodeJS.ErrnoException | undefined {
  if (error.code === 'EIO' || error.code === 'EPIPE') return undefined;
  if (!fullDisk.has(error.code ?? '')) throw error;
  return error;
}

function explain(error: unknown, signal: AbortSignal): number {
  const reason: unknown = signal.aborted ? signal.reason : error;
  const message = reason instanceof Error ? reason.message : String(reason);
  process.stderr.write(`${message.split('\n')[0]}\n`);
  if (process.env['LABEL_RELAXATION_DEBUG'] && error instanceof Error)
    process.stderr.write(`${error.stack}\n`);
  if (reason instanceof Stopped) return signalCodes[reason.signal];
  return reason instanceof UsageError ? 2 : 1;
}

/** Waits until what was written is handed over, for a pipe that is read slowly. */
function drain(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => stream.write('', () => resolve()));
}
