import type { Prediction } from '@label-relaxation/classifier';
import type { ReliabilityDiagram } from '@label-relaxation/metrics';

/** From which confidence on a run answers, and how such answers did on its scored part. */
export interface Threshold {
  readonly confidence: number;
  /** The share of the examples that it answered. */
  readonly answered: number;
  /** The share of these answers that were wrong. */
  readonly risk: number;
}

/** What a run says of a picture: a class, or why it doesn't know. */
export type Answer = { readonly label: string; readonly doubt: null } | { readonly doubt: string };

/** Error rates that can be asked for. */
export const risks = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2] as const;

/**
 * The lowest confidence from which on at most a share `risk` of a run's answers were wrong, of the edges of its reliability
 * diagram's bins: they are what the run has logged. Null where even the most confident answers were wrong more often.
 */
export function thresholdAt({ bins, examples }: ReliabilityDiagram, risk: number): Threshold | null {
  let answered = 0;
  let wrong = 0;
  let found: Threshold | null = null;
  for (const { lower, count, accuracy } of bins.toReversed()) {
    answered += count;
    wrong += count * (1 - (accuracy ?? 1));
    if (answered > 0 && wrong <= risk * answered + 1e-9) {
      found = { confidence: lower, answered: answered / examples, risk: wrong / answered };
    }
  }
  return found;
}

/** The risk that a page begins with: of those at which all runs answer half of their examples, the one next to 1%. */
export function firstRisk(diagrams: readonly ReliabilityDiagram[]): number | null {
  const reached = risks.filter((risk) =>
    diagrams.every((diagram) => (thresholdAt(diagram, risk)?.answered ?? 0) >= 0.5),
  );
  return reached.find((risk) => risk >= 0.01) ?? null;
}

/**
 * A class, unless its confidence is below the threshold, no class is in the conformal set, or more than half of all are.
 *
 * @param threshold undefined where any answer is wanted; null where none was right often enough
 */
export function answerOf(
  { best, confidence, probabilities, set }: Prediction,
  classNames: readonly string[],
  threshold: Threshold | null | undefined,
): Answer {
  if (set?.length === 0) return { doubt: 'No class is like it: the set is empty.' };
  if (set && set.length > probabilities.length / 2) {
    return { doubt: `It could be any of ${set.length} classes.` };
  }
  if (threshold === null)
    return { doubt: 'Even its most confident answers were wrong more often than that.' };
  if (threshold && confidence < threshold.confidence) {
    return { doubt: `${percent(confidence)} is below ${percent(threshold.confidence)}.` };
  }
  return { label: classNames[best]!, doubt: null };
}

/** A share in percent, with as many digits as tell it from all and nothing. */
export function percent(share: number): string {
  if (share > 0.9995 && share < 1) return '> 99.9%';
  if (share < 0.0005 && share > 0) return '< 0.1%';
  return `${(100 * share).toFixed(1).replace(/\.0$/, '')}%`;
}

/** How often a set holds the right class: "9 of 10". */
export function inCases(alpha: number): string {
  const whole = [10, 20, 100, 1000].find(
    (cases) => Math.abs(alpha * cases - Math.round(alpha * cases)) < 1e-9,
  );
  const cases = whole ?? 1000;
  return `${cases - Math.round(alpha * cases)} of ${cases}`;
}
