import type { AlphaDeclaration, LossDeclaration } from './declaration';
import { LossError } from './errors';
import { type LossName, losses } from './registry';

/** The declaration of a loss by its canonical name. */
export function declarationOf(name: LossName): LossDeclaration {
  return losses.find((loss) => loss.name === name) as LossDeclaration;
}

/**
 * The loss that a text means: its name, its short name, its MLflow type or another of its spellings, whatever the case
 * and with or without underscores; undefined where it is none.
 */
export function findLoss(text: string): LossName | undefined {
  const key = plain(text);
  const spellings = ({ name, short, type, aliases = [] }: LossDeclaration) => [name, short, type, ...aliases];
  return losses.find((loss) => spellings(loss).some((spelling) => plain(spelling) === key))?.name;
}

/**
 * As `findLoss`.
 *
 * @throws LossError naming the accepted losses if the text is none of them
 */
export function parseLossName(text: string): LossName {
  const found = findLoss(text);
  if (found !== undefined) return found;
  throw new LossError(`Unknown loss "${text}": choose one of ${losses.map(spelled).join(', ')}.`);
}

/** A loss's name, with its short one where that is another: `label_relaxation (lr)`. */
export function spelled({ name, short }: LossDeclaration): string {
  return short === name ? name : `${name} (${short})`;
}

/** The name used in file names and targets, such as `lr`. */
export function shortLossName(name: LossName): string {
  return declarationOf(name).short;
}

/**
 * A loss's name in print at a value of alpha, or null for values that a search tries: cross-entropy is label smoothing
 * unless alpha is 0.
 */
export function lossTitle(
  { title, alpha }: { readonly title: string; readonly alpha: Pick<AlphaDeclaration, 'title'> | null },
  value: number | null,
): string {
  return value === 0 ? title : (alpha?.title ?? title);
}

function plain(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/[_\s-]/g, '');
}
