import { softmax } from '@label-relaxation/metrics';
import type { PreparedData } from './prepare-data';

/** Training examples by how implausible a model finds their labels. */
export interface SuspiciousLabels {
  /** A line for each example, the least plausible label first. */
  readonly csv: string;
  /** With n labels disturbed, how many of these are among the first n lines, as a share; null where there are none. */
  readonly found: number | null;
  /** The first examples of the ranking. */
  readonly ranking: readonly SuspiciousExample[];
}

/** An example whose label a model finds implausible. */
export interface SuspiciousExample {
  readonly example: number;
  /** The class that it was taught as, and the probability that the model gives to it. */
  readonly label: string;
  readonly probability: number;
  readonly predicted: string;
  /** Whether the label was in fact disturbed. */
  readonly isDisturbed: boolean;
}

/** Examples that `ranking` has. */
const ranked = 100;

const heading =
  'example,label,probability,predicted,predicted_probability,own_label,disturbed,disturbed_so_far';

/**
 * Ranks the training examples by the probability that the model gives to the label they were taught with, the lowest
 * first (the self-confidence of Northcutt, Jiang and Chuang, JAIR 2021).
 *
 * @param logits of the training part, [examples, classes]
 */
export function suspiciousLabels(data: PreparedData, logits: Float32Array): SuspiciousLabels {
  const { labels, dataset, disturbed, split } = data;
  const { classes, classNames } = dataset;
  const probabilities = softmax(logits, classes);
  const all = Array.from(split.train, (example, i) => {
    const row = probabilities.subarray(i * classes, (i + 1) * classes);
    const predicted = row.indexOf(Math.max(...row));
    return { example, row, predicted, probability: row[labels[example]!]! };
  }).sort((a, b) => a.probability - b.probability || b.row[b.predicted]! - a.row[a.predicted]!);

  const planted = all.filter(({ example }) => disturbed?.[example]).length;
  let soFar = 0;
  let found = 0;
  const lines = all.map(({ example, row, predicted, probability }, rank) => {
    const isDisturbed = disturbed?.[example] ?? false;
    soFar += Number(isDisturbed);
    if (rank === planted - 1) found = soFar / planted;
    return [
      example,
      cell(classNames[labels[example]!]),
      probability.toPrecision(6),
      cell(classNames[predicted]),
      row[predicted]!.toPrecision(6),
      cell(classNames[dataset.labels[example]!]),
      Number(isDisturbed),
      soFar,
    ].join(',');
  });
  const ranking = all.slice(0, ranked).map(({ example, predicted, probability }) => ({
    example,
    label: classNames[labels[example]!] ?? '',
    probability,
    predicted: classNames[predicted] ?? '',
    isDisturbed: disturbed?.[example] ?? false,
  }));
  return { csv: `${[heading, ...lines].join('\n')}\n`, found: planted === 0 ? null : found, ranking };
}

/** A text as a cell of CSV (RFC 4180). */
function cell(text = ''): string {
  return /[",\r\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
