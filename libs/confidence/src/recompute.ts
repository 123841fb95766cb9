import type { Part, PartName } from './parts/parts';
import { pageParts } from './parts/parts';
import type { ScoredModel, Settings } from './scored-model';

/** What hears of the parts of a page as they are made. */
export interface PartListener {
  onPart(part: Part): void;
  onDone(): void;
}

/**
 * What to call with settings so that a page's parts follow them: one part at a time, with room for the reader's next move between
 * them, which puts an end to what is not yet made. Without settings it only puts an end to that.
 */
export function recomputer(
  models: readonly ScoredModel[],
  { onPart, onDone }: PartListener,
  names?: readonly PartName[],
): (settings: Settings | null) => void {
  let latest = 0;
  return (settings) => {
    const own = ++latest;
    if (settings === null) return;
    const parts = pageParts(models, settings, names);
    const next = () => {
      if (own !== latest) return;
      const { done, value } = parts.next();
      if (done) return onDone();
      onPart(value);
      setTimeout(next);
    };
    setTimeout(next);
  };
}
