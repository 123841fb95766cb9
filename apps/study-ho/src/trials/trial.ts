import type { RunEvent } from '@label-relaxation/experiments';
import { MissingInput, performRun, Stopped, stopSignals } from '@label-relaxation/experiments';
import { MlflowError } from '@label-relaxation/tracking';
import { messageOf } from '../errors';
import type { FromTrial, ToTrial } from './messages';
import { orphanedCode } from './messages';

/** Milliseconds between two looks at the clock. */
const watchMs = 250;
/** Milliseconds between two reports of an epoch's progress. */
const reportMs = 250;

/**
 * A trial process: performs one run after another, as its parent asks, and ends when its parent does. Signals from the
 * terminal are the parent's to handle.
 */
function serve(): void {
  let controller: AbortController | null = null;
  const lease = new LeaseWatch();
  for (const signal of stopSignals) process.on(signal, () => {});
  process.on('disconnect', () => process.exit(1));
  process.on('message', (message: ToTrial) => {
    if (message.type === 'extended') {
      if (controller) lease.set(message.until);
      return;
    }
    if (message.type === 'stop') {
      controller?.abort(new Stopped(message.signal));
      return;
    }
    controller = new AbortController();
    lease.set(message.until);
    performRun(message.parameters, {
      ...message.options,
      takeOver: true,
      beforeSend: () => lease.check(),
      signal: controller.signal,
      onEvent: reporter(),
    })
      .then(
        (result) => tell({ type: 'result', result }),
        (error: unknown) =>
          tell({ type: 'error', message: messageOf(error), isMissing: error instanceof MissingInput }),
      )
      .finally(() => {
        controller = null;
        lease.set(null);
      });
  });
}

/** Knows until when the run is this process's, and ends the process then: its parent may hang, and another worker have the run. */
class LeaseWatch {
  #until: number | null = null;

  constructor() {
    // What has arrived while a step was computed is read first.
    setInterval(() => setImmediate(() => this.#isOver && process.exit(orphanedCode)), watchMs).unref();
  }

  set(until: number | null): void {
    this.#until = until;
  }

  /** Throws where the run may be another worker's; word that it is not may have arrived and not been read yet. */
  check(): void {
    if (this.#isOver)
      throw new MlflowError('Nothing is stored: another worker may have the run.', { retryable: true });
  }

  get #isOver(): boolean {
    return this.#until !== null && Date.now() > this.#until;
  }
}

function reporter(): (event: RunEvent) => void {
  let reported = 0;
  return (event) => {
    const now = Date.now();
    if (event.type === 'batch' && now - reported < reportMs) return;
    reported = now;
    tell({ type: 'event', event });
  };
}

function tell(message: FromTrial): void {
  if (process.connected) process.send?.(message);
}
serve();
