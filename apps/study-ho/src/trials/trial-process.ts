import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { extname, join } from 'node:path';
import type { RunEvent, RunResult } from '@label-relaxation/experiments';
import { MissingInput, RunError, Stopped } from '@label-relaxation/experiments';
import { Abandoned } from '../errors';
import type { FromTrial, ToTrial } from './messages';
import { orphanedCode } from './messages';

/** Milliseconds that a run has to end itself when it is stopped. */
const stopMs = 30_000;

/** Milliseconds after which a process hears again until when it may store something. */
const extendMs = 1_000;

export type RunRequest = Omit<Extract<ToTrial, { type: 'run' }>, 'type' | 'until'>;

export interface RunOptions {
  readonly signal?: AbortSignal;
  /** The moment after which the run may be another worker's, as it is put off; the process then stores nothing more and ends. */
  readonly lease?: { readonly until: number };
}

/**
 * A child process that performs runs, one at a time, and stays for the next one: what it loaded, above all TensorFlow, is
 * there already. It ends when this process does, however that is.
 */
export class TrialProcess {
  readonly #child: ChildProcess;
  #lastWords = '';
  #ended = false;

  constructor(readonly threads: number) {
    this.#child = fork(join(__dirname, `trial${extname(__filename)}`), [], {
      env: {
        ...process.env,
        TF_NUM_INTRAOP_THREADS: String(threads),
        TF_NUM_INTEROP_THREADS: String(threads),
      },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#lastWords = `${this.#lastWords}${text}`.slice(-2000);
    });
    this.#child.on('exit', () => (this.#ended = true));
    this.#child.on('error', () => (this.#ended = true));
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Whether it can be given another run. */
  get usable(): boolean {
    return !this.#ended && this.#child.connected;
  }

  /**
   * Performs a run. Throws a RunError with the run's own message, or one that says how the process ended; when `signal`
   * is aborted its reason, once the run has ended as KILLED, or, if the run was abandoned, its process is killed.
   * Throws Abandoned where the process gave the run up because its lease was over.
   */
  async run(
    request: RunRequest,
    onEvent: (event: RunEvent) => void,
    { signal, lease }: RunOptions = {},
  ): Promise<RunResult> {
    signal?.throwIfAborted();
    const child = this.#child;
    if (this.#ended) throw new RunError(this.#obituary(child.exitCode, child.signalCode));
    this.#lastWords = '';
    const extending =
      lease && setInterval(() => this.#send({ type: 'extended', until: lease.until }), extendMs);
    let killTimer: NodeJS.Timeout | undefined;
    const stop = () => {
      const reason: unknown = signal?.reason;
      if (reason instanceof Abandoned) return void child.kill('SIGKILL');
      this.#send({ type: 'stop', signal: reason instanceof Stopped ? reason.signal : 'SIGTERM' });
      killTimer = setTimeout(() => child.kill('SIGKILL'), stopMs);
    };
    try {
      const outcome = await new Promise<FromTrial>((resolve, reject) => {
        const heard = (message: FromTrial) => {
          if (message.type === 'event') return onEvent(message.event);
          settle(() => resolve(message));
        };
        const gone = (code: number | null, cause: NodeJS.Signals | null) => {
          const why = this.#obituary(code, cause);
          settle(() => reject(code === orphanedCode ? new Abandoned(why) : new RunError(why)));
        };
        const failed = (error: Error) =>
          settle(() => reject(new RunError(`cannot start a process for the trial: ${error.message}`)));
        const settle = (then: () => void) => {
          child.off('message', heard).off('close', gone).off('error', failed);
          signal?.removeEventListener('abort', stop);
          then();
        };
        child.on('message', heard).on('close', gone).on('error', failed);
        signal?.addEventListener('abort', stop, { once: true });
        this.#send({ type: 'run', ...request, until: lease?.until ?? null });
      });
      if (outcome.type === 'result') return outcome.result;
      signal?.throwIfAborted();
      if (outcome.type !== 'error') throw new RunError('the trial process answered nothing');
      throw outcome.isMissing ? new MissingInput(outcome.message) : new RunError(outcome.message);
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    } finally {
      clearTimeout(killTimer);
      clearInterval(extending);
    }
  }

  /** Ends the process; resolves when it is gone. */
  async end(): Promise<void> {
    if (this.#ended) return;
    const gone = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGKILL');
    await gone;
  }

  #send(message: ToTrial): void {
    // A child that is gone is noticed by its end.
    if (this.usable) this.#child.send(message, () => {});
  }

  #obituary(code: number | null, cause: NodeJS.Signals | null): string {
    if (cause === 'SIGKILL')
      return 'the process of the trial was killed (SIGKILL), perhaps for lack of memory';
    if (code === orphanedCode)
      return 'the process of the trial gave it up: another worker may have taken it over';
    const how = cause === null ? `exit code ${code}` : cause;
    const words = this.#lastWords.trim().split('\n').at(-1);
    return `the process of the trial ended with ${how}${words ? `: ${words}` : ''}`;
  }
}
