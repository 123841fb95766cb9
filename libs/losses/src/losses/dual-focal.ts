import type { tf } from '@label-relaxation/runtime';
import type { ClosedForm, ClosedFormLoss, LossInput } from '../declaration';
import { firstLargest, REMOVED, splitPrediction } from '../formulas/log-probabilities';

/**
 * Dual focal loss (Tao, Dong and Xu, ICML 2023): -(1 - p_y + p_j)^alpha ln p_y with p_j the largest
 * probability below p_y, 0 where there is none. Alpha is gamma.
 */
export const dualFocal = {
  name: 'dual_focal',
  short: 'dual_focal',
  type: 'DualFocalLoss',
  title: 'Dual focal loss',
  alpha: {
    meaning: 'gamma',
    symbol: 'γ',
    min: 0,
    example: 5,
    atZero: 'cross-entropy',
    grid: [0.1, 0.2, 0.5, 1, 2, 3.5, 5],
  },
  labels: ['classes'],
  closedForm: ({ logits, target, alpha: gamma }: LossInput): ClosedForm => {
    const { logP, probabilities, logInside, logOutside, amongOutside } = splitPrediction(logits, target);
    const notBelow = logP.greaterEqual(logInside).cast('float32');
    const below: tf.Tensor2D = logP.add(notBelow.mul(REMOVED));
    const logNext = below.max(1, true);
    const next = firstLargest(below);

    // ln(1 - p_y + p_j), and the shares of 1 - p_y and of p_j in it.
    const larger = logOutside.maximum(logNext);
    const logBase = larger.add(logOutside.sub(larger).exp().add(logNext.sub(larger).exp()).log());
    const ofOthers = logOutside.sub(logBase).exp();
    const ofNext = logNext.sub(logBase).exp();

    const factor = logBase.mul(gamma).exp().neg();
    const byLogTrue = target.sub(probabilities);
    const byLogBase = amongOutside
      .sub(target)
      .mul(ofOthers)
      .mul(logInside.exp())
      .add(next.sub(probabilities).mul(ofNext));
    return {
      value: factor.mul(logInside),
      gradient: factor.mul(byLogTrue.add(logInside.mul(gamma).mul(byLogBase))),
    };
  },
} as const satisfies ClosedFormLoss;
