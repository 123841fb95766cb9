import type { ClosedForm, ClosedFormLoss, LossInput } from '../declaration';
import { relaxed } from '../formulas/relaxed';

/**
 * Label relaxation (Lienen and Hüllermeier, AAAI 2021, equations 6 to 8): the Kullback-Leibler divergence of the
 * prediction p from the nearest member of the credal set of all distributions that give the true class y at least
 * 1 - alpha.
 *
 * That member is p itself if p_y >= 1 - alpha: loss and gradient are exactly 0. Otherwise it gives y exactly
 * 1 - alpha and shares alpha among the others in proportion to p; the loss is then
 * (1-alpha) ln((1-alpha)/p_y) + alpha ln(alpha/(1-p_y)), and its gradient by the logits is p minus that member.
 */
export const labelRelaxation = {
  name: 'label_relaxation',
  short: 'lr',
  type: 'LabelRelaxation',
  title: 'Label relaxation',
  alpha: {
    meaning: 'imprecisiation',
    symbol: 'α',
    min: 0,
    below: 1,
    example: 0.1,
    atZero: 'cross-entropy',
    grid: [0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.4],
  },
  labels: ['classes'],
  closedForm: ({ logits, target, alpha }: LossInput): ClosedForm => relaxed(logits, target, alpha),
} as const satisfies ClosedFormLoss;
