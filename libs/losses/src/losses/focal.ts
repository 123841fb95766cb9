import type { ClosedForm, ClosedFormLoss, LossInput } from '../declaration';
import { splitPrediction } from '../formulas/log-probabilities';

/**
 * Focal loss (Lin et al., ICCV 2017, equation 4) for exclusive classes: -(1 - p_y)^alpha ln p_y. Alpha is gamma, how
 * strongly easy examples are played down.
 */
export const focal = {
  name: 'focal',
  short: 'focal',
  type: 'FocalLoss',
  title: 'Focal loss',
  alpha: {
    meaning: 'gamma',
    symbol: 'γ',
    min: 0,
    example: 2,
    atZero: 'cross-entropy',
    grid: [0.1, 0.2, 0.5, 1, 2, 3.5, 5],
  },
  labels: ['classes'],
  closedForm: ({ logits, target, alpha: gamma }: LossInput): ClosedForm => {
    const split = splitPrediction(logits, target);
    const factor = split.logOutside.mul(gamma).exp().neg();
    const byLogTrue = target.sub(split.probabilities);
    const byLogOthers = split.amongOutside.sub(split.probabilities);
    return {
      value: factor.mul(split.logInside),
      gradient: factor.mul(byLogTrue.add(split.logInside.mul(gamma).mul(byLogOthers))),
    };
  },
} as const satisfies ClosedFormLoss;
