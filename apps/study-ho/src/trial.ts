import type { RunEvent } from '@label-relaxation/experiments';
import { performRun, Stopped, stopSignals } from '@label-relaxation/experiments';
import { messageOf } from './errors';
import type { FromTrial, ToTrial } from './messages';
import { orphanedCode } from './messages';

/** Milliseconds between two reports of an epoch's progress. */
const reportMs = 250;

/**
 * A trial process: performs one run after another, as its parent asks, and ends when its parent does. Signals from the
 * terminal are the parent's to handle.
 */
function serve(): void {
  let controller: AbortController | null = null;
  const watch = new ParentWatch();
  for (const signal of stopSignals) process.on(signal, () => {});
  process.on('disconnect', () => process.exit(1));
  process.on('message', (message: ToTrial) => {
    watch.heard();
    if (message.type === 'alive') return;
    if (message.type === 'stop') {
      controller?.abort(new Stopped(message.signal));
      return;
    }
    controller = new AbortController();
    watch.start(message.patienceMs);
    performRun(message.parameters, { ...message.options, signal: controller.signal, onEvent: reporter() })
      .then(
        (result) => tell({ type: 'result', result }),
        (error: unknown) => tell({ type: 'error', message: messageOf(error) }),
      )
      .finally(() => {
        controller = null;
        watch.start(null);
      });
  });
}

/** Ends the process when its parent is silent for too long: it may hang, and another one have taken the run over. */
class ParentWatch {
  #heardAt = 0;
  #timer: NodeJS.Timeout | undefined;

  heard(): void {
    this.#heardAt = Date.now();
  }

  start(patienceMs: number | null): void {
    clearInterval(this.#timer);
    if (patienceMs === null) return;
    this.#timer = setInterval(() => {
      // What has arrived while a step was computed is read first.
      setImmediate(() => Date.now() - this.#heardAt > patienceMs && process.exit(orphanedCode));
    }, patienceMs / 10);
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
