import type { Labels, LossSplit, Predictions, RefinementOptions } from '@label-relaxation/metrics';
import { refinement } from '@label-relaxation/metrics';
import { fitCalibrator, transform } from './calibrator';

/**
 * TS-refinement (Berta et al. 2025, arXiv 2501.19195): negative log-likelihood and Brier score split into what temperature scaling
 * repairs and what it leaves, the refinement, by which a model is chosen before it is calibrated. Cross-fitted: each fold is
 * scored at the temperature of the others. As probmetrics' `refinement_logloss_ts` without its mixture.
 *
 * @param labels class numbers from 0
 * @throws MetricsError on empty or mismatched input, values that are no predictions, folds that are too few or too many
 */
export function temperatureRefinement(
  predictions: Predictions,
  labels: Labels,
  options: Omit<RefinementOptions, 'recalibrate'> = {},
): { readonly nll: LossSplit; readonly brier: LossSplit } {
  return refinement(predictions, labels, {
    ...options,
    recalibrate: (examples) => {
      const calibrator = fitCalibrator('temperature', examples);
      return (heldOut) => transform(calibrator, heldOut);
    },
  });
}
