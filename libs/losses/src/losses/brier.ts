import type { ClosedForm, ClosedFormLoss, LossInput } from '../declaration';
import { logProbabilities } from '../formulas/log-probabilities';

/** The Brier score (Brier 1950), sum_k (p_k - t_k)^2: a proper loss that is bounded, and has no parameter. */
export const brier = {
  name: 'brier',
  short: 'brier',
  type: 'BrierLoss',
  title: 'Brier score',
  alpha: null,
  labels: ['classes', 'distributions'],
  closedForm: ({ logits, target }: LossInput): ClosedForm => {
    const p = logProbabilities(logits).exp();
    const difference = p.sub(target);
    const weighed = p.mul(difference);
    return {
      value: difference.square().sum(1, true),
      gradient: weighed.sub(p.mul(weighed.sum(1, true))).mul(2),
    };
  },
} as const satisfies ClosedFormLoss;
