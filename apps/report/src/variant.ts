import { declarationOf, losses, lossTitle } from '@label-relaxation/losses/declarations';
import type { StudyRun } from './runs';
import { settingsText } from './settings';

/** What makes runs differ by their seed alone, within one data set and network. */
export type Variant = Pick<StudyRun, 'loss' | 'chosenBy' | 'temperatureScaling' | 'settings'> & {
  /** Null where a search chose it for each seed. */
  readonly alpha: number | null;
};

/** The variant that a run belongs to. */
export function variantOf(run: StudyRun): Variant {
  const { loss, chosenBy, temperatureScaling, settings } = run;
  return { loss, chosenBy, temperatureScaling, settings, alpha: chosenBy === null ? run.alpha : null };
}

/** A text that is the same for the same variant only. */
export function variantKey({ loss, chosenBy, temperatureScaling, settings, alpha }: Variant): string {
  return JSON.stringify([loss, chosenBy, alpha, temperatureScaling, settings]);
}

/** Order of rows: the paper's order of losses, then given alphas, then searches, without before with temperature. */
export function compareVariants(a: Variant, b: Variant): number {
  const rank = (variant: Variant) => [
    losses.findIndex(({ name }) => name === variant.loss),
    variant.temperatureScaling ? 1 : 0,
    variant.chosenBy === null ? 0 : variant.chosenBy === 'accuracy' ? 1 : 2,
    variant.alpha ?? 0,
    Number(variant.settings['epochs'] ?? 0),
  ];
  const [first, second] = [rank(a), rank(b)];
  return first.map((value, i) => value - (second[i] as number)).find((difference) => difference !== 0) ?? 0;
}

/** A variant's name in print, such as "Label relaxation, α = 0.1", with the named settings after it. */
export function variantLabel(variant: Variant, named: readonly string[]): string {
  const { loss, chosenBy, alpha, temperatureScaling, settings } = variant;
  const declaration = declarationOf(loss);
  const parameter = declaration.alpha;
  const parts = [lossTitle(declaration, alpha)];
  if (parameter !== null && chosenBy !== null) parts.push(`${parameter.symbol} by ${chosenBy}`);
  else if (parameter !== null && (alpha !== 0 || parameter.title === undefined))
    parts.push(`${parameter.symbol} = ${alpha}`);
  if (temperatureScaling) parts.push('temperature');
  return [...parts, ...settingsText(settings, named)].join(', ');
}
