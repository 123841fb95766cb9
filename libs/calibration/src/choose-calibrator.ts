import type { LabelledPredictions } from '@label-relaxation/metrics';
import type { Calibrator, CalibrationMethod } from './calibrator';
import { calibrationMethods, fitExamples, transform } from './calibrator';
import { CalibrationError } from './errors';
import { foldsOf, logLoss } from './folds';
import type { Rows } from './inputs';
import { readExamples } from './inputs';

/** How a method is chosen. */
export interface ChooseOptions {
  /** The methods to choose from; all but `matrix`, which has no penalty, unless given. */
  readonly methods?: readonly CalibrationMethod[];
  /** Folds of the cross-validation; 5 unless given. */
  readonly folds?: number;
  /** Seed of the folds; 0 unless given. */
  readonly seed?: number;
}

/** How a method did on examples that it was not fitted on. */
export interface MethodScore {
  readonly method: CalibrationMethod;
  /** Mean negative log-likelihood in nats; null where a label got probability 0, or where the method was refused. */
  readonly nll: number | null;
  /** Why the method was not fitted; null where it was. */
  readonly refused: string | null;
}

/** The chosen calibrator, fitted on all examples, and the scores of all methods, best first. */
export interface Choice {
  readonly calibrator: Calibrator;
  readonly scores: readonly MethodScore[];
}

/**
 * Chooses the method of least cross-validated negative log-likelihood and fits it on all examples. A method that refuses
 * the examples, or those of a fold, is passed over.
 *
 * @throws CalibrationError where every method refuses; MetricsError on values that are no predictions
 */
export function chooseCalibrator(
  given: LabelledPredictions,
  {
    methods = calibrationMethods.filter((name) => name !== 'matrix'),
    folds = 5,
    seed = 0,
  }: ChooseOptions = {},
): Choice {
  const examples = readExamples(given);
  if (!Number.isInteger(folds) || folds < 2 || folds > examples.size) {
    throw new CalibrationError(`folds is ${folds}: expected 2 to ${examples.size}, the number of examples`);
  }
  const parts = [...foldsOf(examples, folds, seed)];
  const scores = methods.map((method): MethodScore => {
    try {
      const total = parts.reduce((sum, { fitted, heldOut }) => {
        const calibrator = fitExamples(method, fitted, {});
        return sum + logLoss(transform(calibrator, predictionsOf(heldOut)), heldOut);
      }, 0);
      const nll = total / examples.size;
      return { method, nll: Number.isFinite(nll) ? nll : null, refused: null };
    } catch (error) {
      if (!(error instanceof CalibrationError)) throw error;
      return { method, nll: null, refused: error.message };
    }
  });
  const ranked = [...scores].sort((a, b) => (a.nll ?? Infinity) - (b.nll ?? Infinity) || 0);
  const best = ranked[0];
  if (best === undefined || best.nll === null) {
    const reason = ranked.find(({ refused }) => refused !== null)?.refused;
    throw new CalibrationError(`no method can be chosen${reason ? `: ${reason}` : ''}`);
  }
  return { calibrator: fitExamples(best.method, examples, {}), scores: ranked };
}

function predictionsOf({ kind, values }: Rows) {
  return kind === 'logits' ? { logits: values } : { probabilities: values };
}
