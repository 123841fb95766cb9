import { LossError } from './errors';
import type { LossName } from './names';

interface AlphaRange {
  /** What the paper calls the parameter. */
  meaning: string;
  below: number;
}

const RANGES: Readonly<Record<LossName, AlphaRange>> = {
  label_relaxation: { meaning: 'the imprecisiation of label relaxation', below: 1 },
  cross_entropy: { meaning: 'the share of label smoothing', below: 1 },
  focal: { meaning: 'gamma of the focal loss', below: Infinity },
  confidence_penalty: { meaning: 'beta of the confidence penalty', below: Infinity },
};

/**
 * Checks a loss's parameter: in [0, 1) for label relaxation and label smoothing, 0 or more (and finite) for focal
 * loss's gamma and the confidence penalty's beta.
 *
 * @throws LossError naming the parameter, its value and its range
 */
export function checkAlpha(name: LossName, alpha: number): void {
  const { meaning, below } = RANGES[name];
  if (alpha >= 0 && alpha < below) return;
  const range = below === 1 ? 'at least 0 and below 1' : 'a finite number, 0 or more';
  throw new LossError(`alpha is ${alpha}: ${meaning} must be ${range}.`);
}
