import type { ClosedForm, ClosedFormLoss, LossInput } from '../declaration';
import { nearestAllowed } from '../formulas/nearest-allowed';

/**
 * The credal loss (Lienen, Demir and Hüllermeier, COPA 2023): the Kullback-Leibler divergence of the
 * prediction p from the nearest distribution that the target allows, 0 with a gradient of 0 where p is allowed itself.
 *
 * A target is a possibility distribution pi, the largest of a row 1; alpha is the least possibility of any class, so
 * that pi is max(row, alpha). A one-hot row makes it label relaxation, the indicator of a set of classes learning from
 * partial labels.
 */
export const credal = {
  name: 'credal',
  short: 'credal',
  type: 'CredalLoss',
  title: 'Credal loss',
  alpha: {
    meaning: 'the least possibility',
    symbol: 'α',
    min: 0,
    below: 1,
    example: 0.1,
    grid: [0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.4],
  },
  labels: ['classes', 'distributions', 'possibilities'],
  closedForm: ({ logits, target, alpha }: LossInput): ClosedForm =>
    nearestAllowed(logits, target.maximum(alpha)),
} as const satisfies ClosedFormLoss;
