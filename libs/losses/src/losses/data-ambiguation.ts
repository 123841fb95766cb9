import type { ClosedForm, ClosedFormLoss, LossInput } from '../declaration';
import { logProbabilities } from '../formulas/log-probabilities';
import { relaxed } from '../formulas/relaxed';

/**
 * Data ambiguation for noisy labels, RDA (Lienen and Hüllermeier, AAAI 2024): label relaxation whose set of fully
 * possible classes is the label and every class with a probability above beta, taken without gradient: a confident
 * prediction of another class is not punished. Beta falls over the run from beta_start to beta_end by a cosine,
 *
 *     beta = beta_end + (beta_start - beta_end) (1 + cos(pi progress)) / 2
 *
 * Where nothing is trained the set is the label alone.
 */
export const dataAmbiguation = {
  name: 'data_ambiguation',
  short: 'rda',
  type: 'DataAmbiguation',
  title: 'Data ambiguation',
  alpha: {
    meaning: 'imprecisiation',
    symbol: 'α',
    min: 0,
    below: 1,
    example: 0.05,
    grid: [0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.4],
  },
  parameters: {
    beta_start: {
      min: 0,
      max: 1,
      default: 0.75,
      help: 'probability above which a class becomes possible beside the label, at the start of the run',
    },
    beta_end: { min: 0, max: 1, default: 0.6, help: 'the same at the end of the run' },
  },
  labels: ['classes'],
  closedForm: ({ logits, target, alpha, parameters, progress }: LossInput): ClosedForm => {
    if (progress === null) return relaxed(logits, target, alpha);
    const { beta_start = 0, beta_end = 0 } = parameters;
    const beta = progress
      .mul(Math.PI)
      .cos()
      .add(1)
      .mul((beta_start - beta_end) / 2)
      .add(beta_end);
    const plausible = logProbabilities(logits).exp().greater(beta).cast('float32');
    return relaxed(logits, target.maximum(plausible), alpha);
  },
} as const satisfies ClosedFormLoss;
