import { MetricsError } from '../errors';
import { checkDistributions, checkLabels, countClasses, distributionFault, finiteFault } from './check';
import { argmaxOfFinite, modeOfDistribution } from './rows';
import type { Floats, Labels, Numbers, Predictions, SoftLabels, Targets } from './types';
import { floatsOf } from './types';

/** Predictions with what they are measured against, sizes and labels checked. */
export interface Matrix {
  readonly kind: 'probabilities' | 'logits';
  /** Examples x classes, row-major, not yet checked: whoever reads them does it on the way. */
  readonly values: Floats;
  readonly classes: number;
  readonly examples: number;
  /** Class numbers; null where the labels are soft. */
  readonly labels: Labels | null;
  /** Soft labels, examples x classes; null where they are class numbers. */
  readonly soft: Floats | null;
}

export function isSoft(targets: Targets): targets is SoftLabels {
  return 'distributions' in targets;
}

/** Reads predictions that say what they are. */
export function readPredictions(predictions: Predictions): { kind: Matrix['kind']; values: Floats } {
  const { probabilities, logits } = predictions as { probabilities?: Numbers; logits?: Numbers };
  if ((probabilities === undefined) === (logits === undefined)) {
    throw new MetricsError('predictions must be { probabilities } or { logits }, one of the two');
  }
  return probabilities === undefined
    ? { kind: 'logits', values: floatsOf(logits as Numbers) }
    : { kind: 'probabilities', values: floatsOf(probabilities) };
}

/**
 * Predictions and labels, read together.
 *
 * @throws MetricsError where sizes do not fit or a label is out of range
 */
export function readMatrix(predictions: Predictions, targets: Labels | SoftLabels): Matrix {
  const { kind, values } = readPredictions(predictions);
  if (isSoft(targets)) {
    const { distributions, classes } = targets;
    const examples = distributions.length / classes;
    if (!Number.isInteger(examples)) {
      throw new MetricsError(
        `soft labels have ${distributions.length} values: expected rows of ${classes} classes`,
      );
    }
    if (countClasses(values, examples, kind) !== classes) {
      throw new MetricsError(
        `${kind} have ${values.length} values, but soft labels ${distributions.length}: give one for each`,
      );
    }
    const soft = floatsOf(distributions);
    checkDistributions(soft, classes, 'soft labels');
    return { kind, values, classes, examples, labels: null, soft };
  }
  const classes = countClasses(values, targets.length, kind);
  checkLabels(targets, classes);
  return { kind, values, classes, examples: targets.length, labels: targets, soft: null };
}

/** The share of the truth that a class has in an example: 1 or 0 where labels are class numbers. */
export function truthOf({ labels, soft, classes }: Matrix, row: number, k: number): number {
  if (soft !== null) return soft[row * classes + k] as number;
  return (labels as Labels)[row] === k ? 1 : 0;
}

/** The predicted class of an example, the first of equally likely ones; throws where the row is none. */
export function predictedClass({ kind, values, classes }: Matrix, row: number): number {
  const start = row * classes;
  if (kind === 'logits') {
    const best = argmaxOfFinite(values, start, classes);
    if (best < 0) throw finiteFault(values, start, start + classes, kind);
    return best;
  }
  const best = modeOfDistribution(values, start, classes);
  if (best < 0) throw distributionFault(values, row, classes, kind);
  return best;
}
