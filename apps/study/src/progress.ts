import type { RunEvent } from '@label-relaxation/experiments';
import { duration } from '@label-relaxation/experiments';
import { Presets, SingleBar } from 'cli-progress';

type BatchEvent = Extract<RunEvent, { type: 'batch' }>;
type EpochEvent = Extract<RunEvent, { type: 'epoch' }>;

/** Tells a person what a run is doing. */
export interface Reporter {
  tell(event: RunEvent): void;
  /** Leaves the terminal tidy. */
  close(): void;
}

/** A bar of the running epoch on a terminal, a line an epoch elsewhere, warnings and what was asked for where quiet. */
export function createReporter(stream: NodeJS.WriteStream, quiet: boolean): Reporter {
  if (quiet)
    return {
      tell(event) {
        if (event.type === 'explanation') stream.write(`${event.message}\n`);
        if (event.type === 'warning') writeWarning(stream, event.message);
      },
      close: () => {},
    };
  return stream.isTTY ? new TerminalReporter(stream) : new LineReporter(stream);
}

class LineReporter implements Reporter {
  constructor(private readonly stream: NodeJS.WriteStream) {}

  tell(event: RunEvent): void {
    if (event.type === 'epoch') this.stream.write(`${epochLine(event)}\n`);
    if (event.type === 'stage' || event.type === 'explanation') this.stream.write(`${event.message}\n`);
    if (event.type === 'warning') writeWarning(this.stream, event.message);
  }

  close(): void {}
}

class TerminalReporter implements Reporter {
  #bar: SingleBar | null = null;
  /** The bar hides the cursor and turns line wrap off: a process that ends in the midst of it gives both back. */
  readonly #tidy = () => this.close();

  constructor(private readonly stream: NodeJS.WriteStream) {}

  tell(event: RunEvent): void {
    if (event.type === 'batch') return this.#draw(event);
    this.close();
    if (event.type === 'epoch') this.stream.write(`${epochLine(event)}\n`);
    if (event.type === 'stage' || event.type === 'explanation') this.stream.write(`${event.message}\n`);
    if (event.type === 'warning') writeWarning(this.stream, event.message);
  }

  close(): void {
    process.off('exit', this.#tidy);
    this.#bar?.stop();
    this.#bar = null;
  }

  #draw({ epoch, epochs, step, steps, loss, accuracy, secondsLeft }: BatchEvent): void {
    const values = {
      epoch: `${epoch + 1}/${epochs}`,
      loss: loss.toFixed(4),
      accuracy: accuracy.toFixed(4),
      left: duration(secondsLeft),
    };
    if (!this.#bar) {
      this.#bar = new SingleBar(
        {
          stream: this.stream,
          format: 'epoch {epoch} {bar} {percentage}%  loss {loss}  accuracy {accuracy}  {left} left',
          barsize: 24,
          clearOnComplete: true,
          stopOnComplete: false,
          hideCursor: true,
          gracefulExit: false,
          fps: 10,
        },
        Presets.shades_classic,
      );
      process.once('exit', this.#tidy);
      this.#bar.start(steps, step, values);
    }
    this.#bar.update(step, values);
  }
}

function writeWarning(stream: NodeJS.WriteStream, message: string): void {
  stream.write(`warning: ${message}\n`);
}

function epochLine({ epoch, epochs, metrics, seconds, secondsLeft }: EpochEvent): string {
  const named = Object.entries(metrics).map(([name, value]) => `${name} ${value.toFixed(4)}`);
  return `epoch ${epoch + 1}/${epochs}  ${named.join('  ')}  ${seconds.toFixed(1)} s  ${duration(secondsLeft)} left`;
}
