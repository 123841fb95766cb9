import { noiseKinds } from '@label-relaxation/data';
import { UsageError } from '../errors';
import type { Flag } from './flags';
import { booleanFlag, numberFlag, optional, parsedFlag, textFlag } from './flags';

/** Whether a text names a file; names never have a dot or a slash. */
const isFile = (text: string) => /[./\\]/u.test(text);

/** Flags that give the training part other labels; all of them null where the data set's own are taken. */
export const labelFlags = {
  label_noise: optional(
    numberFlag(
      0,
      { min: 0, max: 1 },
      { group: 'Labels', help: 'probability that a label of the training part is drawn anew, by --noise' },
    ),
  ),
  noise: parsedFlag<string | null>(
    null,
    `one of ${noiseKinds.join(', ')}, or a file with a matrix such as ./noise.csv`,
    (text) => {
      const word = text.trim().toLowerCase();
      return noiseKinds.find((kind) => kind === word) ?? (isFile(text) ? text.trim() : undefined);
    },
    {
      group: 'Labels',
      help: 'where it is drawn from: symmetric (all classes alike; taken if not given), asymmetric (a class that looks alike), pairflip (the next class), or a file with a row of probabilities for each class (JSON, or numbers separated by commas or spaces)',
    },
  ),
  labels: textFlag('a file', {
    group: 'Labels',
    help: 'file with other labels for the training part, a row for each example: a class number, or a number for each class (class distributions, or possibilities such as a set of candidates)',
    logged: true,
  }),
  noisy_validation: optional(
    booleanFlag(false, {
      group: 'Labels',
      help: 'give the held-out validation and scaling parts such labels, too; the test part keeps its own',
    }),
  ),
} satisfies Record<string, Flag<unknown>>;

interface LabelParameters {
  label_noise: number | null;
  noise: string | null;
  labels: string | null;
  noisy_validation: boolean | null;
}

/** Whether `--noise` names a file. */
export function isNoiseFile(noise: string | null): boolean {
  return noise !== null && isFile(noise);
}

/** Completes the flags on labels, so that what does nothing is null. Throws a UsageError where they contradict. */
export function resolveLabels(given: Partial<LabelParameters>): LabelParameters {
  const { noise = null, labels = null, noisy_validation = null } = given;
  const rate = given.label_noise ?? (isNoiseFile(noise) ? 1 : 0);
  if (labels !== null && (noise !== null || rate > 0)) {
    throw new UsageError('--labels and --label_noise are both given: leave out one of them');
  }
  if (noise !== null && (given.label_noise ?? null) === null && !isNoiseFile(noise)) {
    throw new UsageError(`--noise ${noise} needs a probability: give --label_noise, for instance 0.4`);
  }
  if (noisy_validation && rate === 0 && labels === null) {
    throw new UsageError('--noisy_validation needs other labels: give --label_noise or --labels');
  }
  return {
    label_noise: rate > 0 ? rate : null,
    noise: rate > 0 ? (noise ?? 'symmetric') : null,
    labels,
    noisy_validation: noisy_validation || null,
  };
}
