import type { Labels, Numbers } from '@label-relaxation/metrics';
import { fitExamples, transform } from './calibrator';
import { foldsOf, logLoss } from './folds';
import type { Predictions } from './inputs';
import { readExamples } from './inputs';

export function temperatureRefinement(
  predictions: Predictions,
  labels: Labels,
  { folds = 5, seed = 0, weights }: { folds?: number; seed?: number; weights?: Numbers } = {},
): { readonly nll: { readonly refinement: number } } {
  const examples = readExamples({ ...predictions, labels, ...(weights ? { weights } : {}) });
  let total = 0;
  for (const { fitted, heldOut } of foldsOf(examples, folds, seed)) {
    const calibrator = fitExamples('temperature', fitted, {});
    const given = heldOut.kind === 'logits' ? { logits: heldOut.values } : { probabilities: heldOut.values };
    total += logLoss(transform(calibrator, given), heldOut);
  }
  return { nll: { refinement: total / examples.size } };
}
