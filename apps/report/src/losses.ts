import { titleOf } from '@label-relaxation/experiments';
import type { LossName } from '@label-relaxation/losses/declarations';
import { declarationOf, findLoss, losses } from '@label-relaxation/losses/declarations';

/** What is told of a loss: its name in print, and its alpha. */
interface LossInPrint {
  readonly title: string;
  readonly alpha: { readonly symbol: string; readonly title?: string } | null;
}

/** The loss of a run by its params: one of the study, or that of a module of the user's own; undefined where there is none. */
export function lossOfRun(params: ReadonlyMap<string, string>): string | undefined {
  const [name = '', type] = [params.get('loss_name'), params.get('loss_type')];
  return findLoss(name || (type ?? '')) ?? (params.has('loss_sha256') ? (type ?? titleOf(name)) : undefined);
}

/** A loss that the user names: one of the study by any of its names, or a module of their own by its path. */
export function namedLoss(text: string): string | undefined {
  return findLoss(text) ?? (/[\\/]/u.test(text) ? titleOf(text) : undefined);
}

/** A loss in print; a module of the user's own, whose file need not be there, by its name. */
export function lossInPrint(loss: string): LossInPrint {
  if (losses.some(({ name }) => name === loss)) return declarationOf(loss as LossName);
  return { title: loss, alpha: { symbol: 'α', title: loss } };
}
