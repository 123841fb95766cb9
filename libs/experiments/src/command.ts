import { UsageError } from './errors';

const signalCodes = { SIGINT: 130, SIGTERM: 143 } as const;

/** A signal that stops a command. */
export type StopSignal = keyof typeof signalCodes;

/** Why a command's AbortSignal is aborted: the operating system's signal that the process got. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
  constructor(readonly signal: StopSignal) {
    super(`stopped by ${signal}`);
  }
}

/**
 * Runs a command to its exit code: 0, 2 for a UsageError, 130 or 143 after SIGINT or SIGTERM, 1 for any other error.
 * An error is told in one line on stderr; LABEL_RELAXATION_DEBUG=1 adds its stack. A command that waits for what can no
 * longer happen ends with 1, not with Node's 0. The first signal aborts what
 * runs, so that it can end its MLflow run; a second one ends the process at once.
 */
export async function runCommand(main: (signal: AbortSignal) => Promise<number>): Promise<never> {
  const controller = new AbortController();
  for (const name of Object.keys(signalCodes) as StopSignal[]) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(signalCodes[name]);
      controller.abort(new Stopped(name));
    });
  }
  process.once('beforeExit', () => {
    process.stderr.write('the command ended before it was done, with nothing left that it waits for\n');
    process.exit(1);
  });
  const code = await main(controller.signal).catch((error: unknown) => explain(error, controller.signal));
  await Promise.all([drain(process.stdout), drain(process.stderr)]);
  process.exit(code);
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
