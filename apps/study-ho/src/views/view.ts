import type { SearchProgress } from '../progress';
import { LinesView } from './lines';
import { TerminalView } from './terminal';

/** Live tables on a terminal, lines elsewhere; where quiet, only what is not as expected. */
export function createView(stream: NodeJS.WriteStream, quiet: boolean): SearchProgress {
  if (quiet) return new QuietView((text) => stream.write(text));
  return stream.isTTY ? new TerminalView(stream) : new LinesView((text) => stream.write(text));
}

class QuietView extends LinesView {
  override begin(): void {}

  override change(...[study, part, state, detail]: Parameters<SearchProgress['change']>): void {
    if (detail?.message !== undefined) super.change(study, part, state, detail);
  }

  override news(...[study, part, event]: Parameters<SearchProgress['news']>): void {
    if (event.type === 'warning') super.news(study, part, event);
  }

  override end(...[study, outcome, isOld]: Parameters<SearchProgress['end']>): void {
    if (isOld) super.end(study, outcome, isOld);
  }
}
