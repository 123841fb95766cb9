import type { Dataset, Labels, NumberRows, Split, Transition } from '@label-relaxation/data';
import {
  DataError,
  disturbLabels,
  type NoiseKind,
  noiseTransition,
  readNumberRows,
  transitionOf,
} from '@label-relaxation/data';
import type { LossDeclaration } from '@label-relaxation/losses/declarations';
import { labelKindOf, LossError, possibilitiesOf } from '@label-relaxation/losses/declarations';
import { UsageError } from '../errors';
import { lossOf } from '../modules/own-loss';
import { isNoiseFile } from '../parameters/label-flags';
import type { Parameters } from '../parameters/parameters';

/** What a run is taught and scored by. */
export interface PreparedLabels {
  /** Class of each example of the data set: its own, or another one where the flags say so. */
  readonly labels: Labels;
  /** What the loss takes in place of the classes, [examples, classes]; null where it takes the classes. */
  readonly targets: Float32Array | null;
  /** Of each example, whether its class is not the data set's own; null where all are. */
  readonly disturbed: readonly boolean[] | null;
}

type LabelParameters = Pick<
  Parameters,
  'dataset_name' | 'loss_name' | 'label_noise' | 'noise' | 'labels' | 'noisy_validation' | 'seed'
>;

/** Disturbs or replaces the labels of a run's training part, as its flags say. Throws a UsageError. */
export async function prepareLabels(
  parameters: LabelParameters,
  dataset: Dataset,
  split: Split,
): Promise<PreparedLabels> {
  const { dataset_name, loss_name, label_noise, labels: file, noisy_validation } = parameters;
  const loss = lossOf(loss_name);
  const held = noisy_validation ? [split.validation, split.scaling] : [];
  const parts = [split.train, ...held].filter((part) => part !== null);
  if (label_noise !== null) return withClasses(dataset, parts, await noisyLabels(parameters, dataset));
  if (file === null) {
    const { labels, targets, classes } = dataset;
    const taken = await explain(
      `--dataset_name ${dataset_name}`,
      () => targets && targetsFor(loss, targets, classes),
    );
    return { labels, targets: taken, disturbed: null };
  }
  return explain(`--labels ${file}`, async () => {
    const table = await readNumberRows(file);
    checkRows(table, dataset);
    if (table.columns === 1) return withClasses(dataset, parts, classesOf(table, dataset));
    return withRows(loss, dataset, parts, table);
  });
}

async function noisyLabels({ label_noise, noise, seed }: LabelParameters, dataset: Dataset): Promise<Labels> {
  if (dataset.targets) {
    throw new UsageError(
      `--label_noise disturbs class numbers, and ${dataset.name} has soft labels: leave it out`,
    );
  }
  const transition = await explain(`--noise ${noise}`, async (): Promise<Transition> => {
    if (!isNoiseFile(noise)) return noiseTransition(noise as NoiseKind, dataset);
    return transitionOf(await readNumberRows(noise as string), dataset.classes);
  });
  return disturbLabels(dataset.labels, { rate: label_noise as number, transition, seed });
}

/** Gives the examples of some parts other classes. */
function withClasses({ labels: own }: Dataset, parts: readonly Int32Array[], others: Labels): PreparedLabels {
  const labels = own.slice();
  for (const part of parts) for (const example of part) labels[example] = others[example] ?? own[example]!;
  return { labels, targets: null, disturbed: Array.from(labels, (label, i) => label !== own[i]) };
}

/** Gives the examples of some parts rows in place of their classes, and those of the others one-hot rows. */
function withRows(
  loss: LossDeclaration,
  { labels, classes, size }: Dataset,
  parts: readonly Int32Array[],
  { values }: NumberRows,
): PreparedLabels {
  const given = targetsFor(loss, Float32Array.from(values), classes);
  const targets = new Float32Array(size * classes);
  labels.forEach((label, i) => (targets[i * classes + label] = 1));
  for (const part of parts) {
    for (const example of part) {
      const row = given.subarray(example * classes, (example + 1) * classes);
      targets.set(row, example * classes);
    }
  }
  return { labels, targets, disturbed: null };
}

/**
 * Rows of labels in the form that a loss takes: possibilities of its own making from class distributions, if it takes
 * possibilities. Throws a LossError where the loss takes no such rows.
 */
function targetsFor({ name, labels }: LossDeclaration, rows: Float32Array, classes: number): Float32Array {
  const kind = labelKindOf(rows, classes);
  if (!labels.includes(kind)) {
    const taken = labels.length === 1 ? 'class numbers alone' : 'class numbers or class distributions';
    throw new LossError(
      `these are ${kind === 'possibilities' ? kind : 'class distributions'}, and ${name} takes ${taken}: take --loss_name credal`,
    );
  }
  return kind === 'distributions' && labels.includes('possibilities') ? possibilitiesOf(rows, classes) : rows;
}

function checkRows({ rows, columns }: NumberRows, { name, size, parts, classes }: Dataset): void {
  if (rows !== size && rows !== parts.train) {
    throw new DataError(
      `it has ${rows} rows: ${name} has ${size} examples, of which the first ${parts.train} are its authors' training part; give one for each of these or of those`,
    );
  }
  if (columns !== 1 && columns !== classes) {
    throw new DataError(
      `its rows have ${columns} numbers: give a class number, or a number for each of ${classes} classes`,
    );
  }
}

function classesOf({ values }: NumberRows, { name, classes }: Dataset): Labels {
  const wrong = values.findIndex((value) => !Number.isInteger(value) || value < 0 || value >= classes);
  if (wrong >= 0) {
    throw new DataError(
      `row ${wrong + 1} has the class ${values[wrong]}: ${name} has the classes 0 to ${classes - 1}`,
    );
  }
  return Uint16Array.from(values);
}

/** Makes a UsageError of what is wrong with a flag's value. */
async function explain<T>(flag: string, body: () => T | Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (error) {
    if (!(error instanceof DataError || error instanceof LossError)) throw error;
    throw new UsageError(`${flag}: ${error.message}`);
  }
}
