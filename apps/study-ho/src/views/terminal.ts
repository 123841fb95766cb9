import type { RunEvent } from '@label-relaxation/experiments';
import type { StudyOutcome } from '../outcome';
import type { Part, PartState, SearchProgress } from '../progress';
import type { Study } from '../study';
import { LinesView } from './lines';
import { StudyTable } from './table';

const redrawMs = 100;

/** Tables of the studies that go on, redrawn in place; what is done scrolls up as lines. */
export class TerminalView implements SearchProgress {
  readonly #tables = new Map<string, StudyTable>();
  readonly #lines = new LinesView((text) => this.#above(text));
  #drawn = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly stream: Pick<NodeJS.WriteStream, 'write' | 'columns' | 'rows'>) {}

  begin(study: Study, url: string): void {
    this.#tables.set(study.key, new StudyTable(study));
    this.#lines.begin(study, url);
  }

  change(
    study: Study,
    part: Part,
    state: PartState,
    detail: Parameters<SearchProgress['change']>[3] = {},
  ): void {
    this.#tables.get(study.key)?.change(part, state, detail.scores);
    if (detail.message !== undefined) this.#lines.change(study, part, state, detail);
    this.#redrawSoon();
  }

  news(study: Study, part: Part, event: RunEvent): void {
    this.#tables.get(study.key)?.news(part, event);
    if (event.type === 'warning') this.#lines.news(study, part, event);
    this.#redrawSoon();
  }

  end(study: Study, outcome: StudyOutcome, isOld: boolean): void {
    this.#tables.delete(study.key);
    this.#lines.end(study, outcome, isOld);
  }

  warn(message: string): void {
    this.#lines.warn(message);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#erase();
    this.#tables.clear();
  }

  #above(text: string): void {
    this.#erase();
    this.stream.write(text);
    this.#draw();
  }

  #redrawSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#erase();
      this.#draw();
    }, redrawMs).unref();
  }

  #draw(): void {
    const [width, height] = [(this.stream.columns ?? 80) - 1, Math.max(1, (this.stream.rows ?? 24) - 1)];
    const draw = (brief: boolean) => [...this.#tables.values()].flatMap((table) => table.lines(width, brief));
    const whole = draw(false);
    const shown = (whole.length <= height ? whole : draw(true)).slice(0, height);
    this.#drawn = shown.length;
    this.stream.write(shown.map((line) => `${line}\n`).join(''));
  }

  #erase(): void {
    if (this.#drawn > 0) this.stream.write(`\u001b[${this.#drawn}A\u001b[0J`);
    this.#drawn = 0;
  }
}
