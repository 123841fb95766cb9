import { losses, lossTitle } from '@label-relaxation/losses/declarations';
import { lossInPrint } from './losses';
import type { StudyRun } from './runs';
import { chosenByOrder } from './runs';
import { settingsText } from './settings';

/** What makes runs differ by their seed alone, within one data set and network. */
export type Variant = Pick<StudyRun, 'loss' | 'chosenBy' | 'calibration' | 'settings'> & {
  /** Null where a search chose it for each seed. */
  readonly alpha: number | null;
};

/** The variant that a run belongs to. */
export function variantOf(run: StudyRun): Variant {
  const { loss, chosenBy, calibration, settings } = run;
  return { loss, chosenBy, calibration, settings, alpha: chosenBy === null ? run.alpha : null };
}

/** A text that is the same for the same variant only. */
export function variantKey({ loss, chosenBy, calibration, settings, alpha }: Variant): string {
  return JSON.stringify([loss, chosenBy, alpha, calibration, settings]);
}

/** Order of rows: the paper's order of losses, then given alphas, then searches, uncalibrated before calibrated. */
export function compareVariants(a: Variant, b: Variant): number {
  const rank = (variant: Variant) => [
    lossRank(variant.loss),
    calibrationRank(variant.calibration),
    variant.chosenBy === null ? 0 : 1 + chosenByOrder.indexOf(variant.chosenBy),
    variant.alpha ?? 0,
    Number(variant.settings['epochs'] ?? 0),
  ];
  const [first, second] = [rank(a), rank(b)];
  return first.map((value, i) => value - (second[i] as number)).find((difference) => difference !== 0) ?? 0;
}

/** The paper's order of losses; the user's own come last. */
export function compareLosses(a: string, b: string): number {
  return lossRank(a) - lossRank(b);
}

function lossRank(loss: string): number {
  const place = losses.findIndex(({ name }) => name === loss);
  return place < 0 ? losses.length : place;
}

/** None before temperature before any other, those in the order of their names. */
function calibrationRank(calibration: string | null): number {
  if (calibration === null) return 0;
  return calibration === 'temperature' ? 1 : 2 + calibration.charCodeAt(0) / 1000;
}

/** A calibration in print. */
export function calibrationTitle(calibration: string): string {
  return calibration === 'best' ? 'best calibration' : calibration.replaceAll('_', ' ');
}

/** A variant's name in print, such as "Label relaxation, α = 0.1", with the named settings after it. */
export function variantLabel(variant: Variant, named: readonly string[]): string {
  const { loss, chosenBy, alpha, calibration, settings } = variant;
  const declaration = lossInPrint(loss);
  const parameter = declaration.alpha;
  const parts = [lossTitle(declaration, alpha)];
  if (parameter !== null && chosenBy !== null) parts.push(`${parameter.symbol} by ${chosenBy}`);
  else if (parameter !== null && (alpha !== 0 || parameter.title === undefined))
    parts.push(`${parameter.symbol} = ${alpha}`);
  if (calibration !== null) parts.push(calibrationTitle(calibration));
  return [...parts, ...settingsText(settings, named)].join(', ');
}
