import { duration } from '@label-relaxation/experiments';
import type { RunEvent } from '@label-relaxation/experiments';
import type { StudyOutcome } from '../outcome';
import type { Part, PartState, SearchProgress } from '../progress';
import type { Study } from '../study';
import { partName } from './format';

/** A line for every change, for files and pipes. */
export class LinesView implements SearchProgress {
  readonly #warned = new Set<string>();

  constructor(private readonly write: (text: string) => void) {}

  begin({ name }: Study, url: string): void {
    this.write(`${name}: ${url}\n`);
  }

  change(
    study: Study,
    part: Part,
    state: PartState,
    detail: Parameters<SearchProgress['change']>[3] = {},
  ): void {
    const { scores, isOld, message } = detail;
    const figures = scores ? `  accuracy ${scores.accuracy.toFixed(4)}  ECE ${scores.ece.toFixed(4)}` : '';
    const when = isOld ? ' before' : '';
    this.write(
      `${study.name}, ${partName(part)}: ${state}${when}${figures}${message ? `: ${message}` : ''}\n`,
    );
  }

  news(study: Study, part: Part, event: RunEvent): void {
    if (event.type === 'warning') this.#warnOnce(study, part, event.message);
    if (event.type !== 'epoch') return;
    const { accuracy, val_accuracy: validated } = event.metrics;
    const [of, value] = validated === undefined ? ['training', accuracy] : ['validation', validated];
    const figure = value === undefined ? '' : `  ${of} accuracy ${value.toFixed(4)}`;
    const left = `${duration(event.secondsLeft)} left`;
    this.write(
      `${study.name}, ${partName(part)}: epoch ${event.epoch + 1}/${event.epochs}${figure}  ${left}\n`,
    );
  }

  end({ name }: Study, { bestAlpha, scores, error }: StudyOutcome, isOld: boolean): void {
    const found = scores
      ? `best alpha ${bestAlpha}, on the test part accuracy ${scores.accuracy.toFixed(4)}, ECE ${scores.ece.toFixed(4)}`
      : error;
    this.write(`${name}: ${isOld ? 'finished before, nothing was run: ' : ''}${found}\n`);
  }

  warn(message: string): void {
    this.write(`warning: ${message}\n`);
  }

  close(): void {}

  /** What holds for the data holds for every run on them: the first one tells. */
  #warnOnce(study: Study, part: Part, message: string): void {
    if (this.#warned.has(message)) return;
    this.#warned.add(message);
    this.warn(`${study.name}, ${partName(part)}: ${message}`);
  }
}
