import { duration } from '@label-relaxation/experiments';
import type { RunEvent, Scores } from '@label-relaxation/experiments';
import type { Part, PartState } from '../progress';
import type { Study } from '../study';

interface Row {
  readonly state: PartState;
  readonly epoch: string;
  /** On the validation part, or, of the final run once it is finished, on the test part. */
  readonly accuracy: number | null;
  readonly ece: number | null;
  readonly secondsLeft: number | null;
}

const waiting: Row = { state: 'waiting', epoch: '', accuracy: null, ece: null, secondsLeft: null };

/** What is known of the parts of one study while it goes on. */
export class StudyTable {
  readonly #rows: Map<Part, Row>;

  constructor(private readonly study: Study) {
    this.#rows = new Map([...study.alphas, 'final' as const].map((part) => [part, waiting]));
  }

  change(part: Part, state: PartState, scores?: Scores): void {
    const row = this.#rows.get(part) ?? waiting;
    const figures = scores ? { accuracy: scores.accuracy, ece: scores.ece } : {};
    this.#rows.set(part, { ...row, ...figures, state, secondsLeft: null });
  }

  news(part: Part, event: RunEvent): void {
    if (event.type !== 'batch' && event.type !== 'epoch') return;
    const row = this.#rows.get(part) ?? waiting;
    const accuracy = (event.type === 'epoch' ? event.metrics['val_accuracy'] : undefined) ?? row.accuracy;
    const epoch = `${event.epoch + 1}/${event.epochs}`;
    this.#rows.set(part, { ...row, epoch, accuracy, secondsLeft: event.secondsLeft });
  }

  /** The table as lines of at most `width` characters; of the parts that run alone where `brief`. */
  lines(width: number, brief = false): string[] {
    const head = ['alpha', 'state', 'epoch', 'accuracy', 'ECE', 'left'];
    const shown = [...this.#rows].filter(([, { state }]) => !brief || state === 'running');
    const body = shown.map(([part, row]) => [
      part === 'final' ? 'final (test)' : String(part),
      row.state,
      row.epoch,
      row.accuracy?.toFixed(4) ?? '',
      row.ece?.toFixed(4) ?? '',
      row.secondsLeft === null ? '' : duration(row.secondsLeft),
    ]);
    const widths = head.map((title, column) =>
      Math.max(title.length, ...body.map((cells) => cells[column]?.length ?? 0)),
    );
    const format = (cells: string[]) =>
      `  ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`;
    return [this.study.name, format(head), ...body.map(format)].map((line) => line.trimEnd().slice(0, width));
  }
}
