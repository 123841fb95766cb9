import { MetricsError } from '../errors';
import { checkDistributions, checkFinite } from '../inputs/check';
import type { Matrix } from '../inputs/matrix';
import { sumOfExponentials } from '../inputs/rows';
import type { Floats } from '../inputs/types';
import { floatsLike } from '../inputs/types';
import type { Events } from './events';

/** Columns that are taken out of the matrix at once: a row's part of a block is a cache line of float32. */
const blockWidth = 16;

/** Writes some neighbouring columns of the matrix as probabilities, one after the other, into a block. */
type ColumnReader = (first: number, count: number, block: Floats) => void;

/** Checks the matrix, and tells how to read its columns. */
function columnReader({ kind, values, classes, examples }: Matrix): ColumnReader {
  if (kind === 'probabilities') {
    checkDistributions(values, classes, kind);
    return (first, count, block) => {
      for (let row = 0; row < examples; row++) {
        const start = row * classes + first;
        for (let k = 0, at = row; k < count; k++, at += examples) block[at] = values[start + k] as number;
      }
    };
  }
  checkFinite(values, classes, kind);
  const maxima = new Float64Array(examples);
  const sums = new Float64Array(examples);
  for (let row = 0; row < examples; row++) {
    const start = row * classes;
    let maximum = values[start] as number;
    for (let k = start + 1; k < start + classes; k++) maximum = Math.max(maximum, values[k] as number);
    maxima[row] = maximum;
    sums[row] = sumOfExponentials(values, start, classes, maximum);
  }
  return (first, count, block) => {
    for (let row = 0; row < examples; row++) {
      const start = row * classes + first;
      const maximum = maxima[row] as number;
      const sum = sums[row] as number;
      for (let k = 0, at = row; k < count; k++, at += examples) {
        block[at] = Math.exp((values[start + k] as number) - maximum) / sum;
      }
    }
  };
}

function newColumns({ kind, values, examples, soft }: Matrix, count: number) {
  const block = kind === 'logits' ? new Float64Array(count * examples) : floatsLike(values, count * examples);
  return { block, outcomes: soft === null ? new Uint8Array(examples) : new Float64Array(examples) };
}

function fillOutcomes(
  outcomes: Uint8Array | Float64Array,
  { labels, soft, classes }: Matrix,
  k: number,
): void {
  if (labels !== null)
    for (let row = 0; row < outcomes.length; row++) outcomes[row] = labels[row] === k ? 1 : 0;
  else if (soft !== null)
    for (let row = 0; row < outcomes.length; row++) outcomes[row] = soft[row * classes + k] as number;
}

/** The event "the example is of class k" for every class in turn; what is given is overwritten by what follows. */
export function* eachClass(matrix: Matrix): Generator<Omit<Events, 'weights'>> {
  const { classes, examples } = matrix;
  const read = columnReader(matrix);
  const { block, outcomes } = newColumns(matrix, Math.min(blockWidth, classes));
  for (let first = 0; first < classes; first += blockWidth) {
    const count = Math.min(blockWidth, classes - first);
    read(first, count, block);
    for (let k = 0; k < count; k++) {
      fillOutcomes(outcomes, matrix, first + k);
      const confidences = block.subarray(k * examples, (k + 1) * examples);
      yield { size: examples, confidences, outcomes };
    }
  }
}

/** The event "the example is of class k". */
export function classEvents(matrix: Matrix, k: number): Omit<Events, 'weights'> {
  if (!Number.isInteger(k) || k < 0 || k >= matrix.classes) {
    throw new MetricsError(
      `of is ${k}: expected top_label, each_class, or the number of a class from 0 to ${matrix.classes - 1}`,
    );
  }
  const { block, outcomes } = newColumns(matrix, 1);
  columnReader(matrix)(k, 1, block);
  fillOutcomes(outcomes, matrix, k);
  return { size: matrix.examples, confidences: block, outcomes };
}
