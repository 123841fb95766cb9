import { isPath } from '@label-relaxation/data';
import type { LossDeclaration, LossParameterName } from '@label-relaxation/losses/declarations';
import { findLoss, losses, spelled } from '@label-relaxation/losses/declarations';
import type { LossFlag } from '../modules/own-loss';
import type { Flag } from './flags';
import { numberFlag, optional, parsedFlag } from './flags';

const declarations: readonly LossDeclaration[] = losses;

/** What `--help` says of alpha: its meaning for each loss. */
export const alphaHelp = `the loss's parameter: ${declarations
  .flatMap(({ name, alpha }) => (alpha ? [`${alpha.meaning} (${name})`] : []))
  .join(', ')}`;

/** The example values of alpha, for `--help`. */
export const exampleAlphaHelp = declarations
  .flatMap(({ short, alpha }) => (alpha ? [`${alpha.example} (${short})`] : []))
  .join(', ');

/** The flag that takes a loss by any of its names, or the path of one's own. */
export function lossFlag(options: Pick<Flag<unknown>, 'group'>): Flag<LossFlag> {
  const help = `loss: ${declarations.map(spelled).join(', ')}, or the path of your own, such as ./my-loss.ts`;
  const takes = `one of ${declarations.map(({ name }) => name).join(', ')}, or a path, which begins with ./`;
  const find = (text: string) => (isPath(text.trim()) ? text.trim() : findLoss(text));
  return parsedFlag('label_relaxation', takes, find, { ...options, help });
}

/** A flag for each parameter that some loss has besides alpha; null where the loss hasn't got it. */
export function lossParameterFlags(
  options: Pick<Flag<unknown>, 'group'>,
): Record<LossParameterName, Flag<number | null>> {
  const flags = declarations.flatMap(({ name: loss, parameters = {} }) =>
    Object.entries(parameters).map(([name, { default: value, help, ...range }]) => {
      const text = `${help} (${loss}; by default ${value})`;
      return [name, optional(numberFlag(value, range, { ...options, help: text }))] as const;
    }),
  );
  return Object.fromEntries(flags) as Record<LossParameterName, Flag<number | null>>;
}
