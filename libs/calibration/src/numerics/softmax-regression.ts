import type { Examples, Values } from '../inputs';
import { exponential } from './exponential';
import type { Objective } from './minimise';

/** Ridge penalties on the sums of squares of how far weights and biases are from the identity's. */
export interface Penalties {
  readonly diagonal: number;
  /** Null where weights off the diagonal are 0, so that there is one weight for each class. */
  readonly offDiagonal: number | null;
  readonly bias: number;
}

/** Multinomial regression of labels on scaled logits; of examples in a fixed order every `stride`-th is looked at. */
export interface Regression extends Pick<Examples, 'classes' | 'size' | 'labels' | 'weights'> {
  readonly logits: Values;
  readonly scale: number;
  readonly stride: number;
  readonly penalties: Penalties;
}

/** Rows that are worked on at a time: a multiple of 4. */
const blockRows = 32;

/**
 * Replaces a row of logits by p - [k = label], times its weight, where p is their softmax. Gives -ln p of the label times
 * the weight.
 */
function residuals(
  values: Float64Array,
  start: number,
  classes: number,
  label: number,
  weight: number,
): number {
  let maximum = -Infinity;
  for (let k = start; k < start + classes; k++) {
    if ((values[k] as number) > maximum) maximum = values[k] as number;
  }
  const margin = maximum - (values[start + label] as number);
  let sum = 0;
  for (let k = start; k < start + classes; k++) {
    const share = exponential((values[k] as number) - maximum);
    values[k] = share;
    sum += share;
  }
  const factor = weight / sum;
  for (let k = start; k < start + classes; k++) values[k] = (values[k] as number) * factor;
  values[start + label] = (values[start + label] as number) - weight;
  return weight * (margin + Math.log(sum));
}

/** Number of examples that count, by weight. */
export function countedWeight({ size, weights, stride }: Regression): number {
  let total = 0;
  for (let row = 0; row < size; row += stride) total += weights === null ? 1 : (weights[row] as number);
  return total;
}

/** Parameters of each class: its weights, one for each class or its own alone, and last its bias. */
export function parametersOfClass({ classes, penalties }: Pick<Regression, 'classes' | 'penalties'>): number {
  return penalties.offDiagonal === null ? 2 : classes + 1;
}

/** The penalty of each parameter. */
export function penaltyOf(regression: Regression): Float64Array {
  const { classes, penalties } = regression;
  const { diagonal, offDiagonal, bias } = penalties;
  const width = parametersOfClass(regression);
  const values = new Float64Array(classes * width).fill(offDiagonal ?? diagonal);
  for (let k = 0; k < classes; k++) {
    if (offDiagonal !== null) values[k * width + k] = diagonal;
    values[k * width + width - 1] = bias;
  }
  return values;
}

/**
 * The mean negative log-likelihood of softmax((I + D) z + b) plus the penalties, as a function of D and b, class after
 * class: a block of rows at a time, so that no more than the block is copied.
 */
export function regressionObjective(regression: Regression): Objective {
  const penalty = penaltyOf(regression);
  const total = countedWeight(regression);
  const lossOf = regression.penalties.offDiagonal === null ? diagonalLoss : fullLoss;
  const buffers = [0, 1].map(() => new Float64Array(blockRows * regression.classes)) as [
    Float64Array,
    Float64Array,
  ];
  return (parameters, gradient) => {
    gradient.fill(0);
    let value = lossOf(regression, parameters, gradient, buffers) / total;
    for (let i = 0; i < parameters.length; i++) {
      const parameter = parameters[i] as number;
      value += (penalty[i] as number) * parameter * parameter;
      gradient[i] = (gradient[i] as number) / total + 2 * (penalty[i] as number) * parameter;
    }
    return value;
  };
}

type Loss = (
  regression: Regression,
  parameters: Float64Array,
  gradient: Float64Array,
  buffers: readonly [Float64Array, Float64Array],
) => number;

const diagonalLoss: Loss = (regression, parameters, gradient, [row, values]) => {
  const { logits, scale, classes, size, labels, weights, stride } = regression;
  let loss = 0;
  for (let example = 0; example < size; example += stride) {
    const start = example * classes;
    for (let k = 0; k < classes; k++) {
      const value = scale * (logits[start + k] as number);
      row[k] = value;
      values[k] = value + (parameters[2 * k] as number) * value + (parameters[2 * k + 1] as number);
    }
    const weight = weights === null ? 1 : (weights[example] as number);
    loss += residuals(values, 0, classes, labels[example] as number, weight);
    for (let k = 0; k < classes; k++) {
      const residual = values[k] as number;
      gradient[2 * k] = (gradient[2 * k] as number) + residual * (row[k] as number);
      gradient[2 * k + 1] = (gradient[2 * k + 1] as number) + residual;
    }
  }
  return loss;
};

const fullLoss: Loss = (regression, parameters, gradient, [rows, values]) => {
  const { logits, scale, classes, size, labels, weights, stride } = regression;
  let loss = 0;
  for (let first = 0; first < size; first += blockRows * stride) {
    const count = Math.min(blockRows, Math.ceil((size - first) / stride));
    // What is left of a last block is 0: it adds nothing to the products below.
    if (count < blockRows) rows.fill(0);
    for (let r = 0; r < count; r++) {
      const start = (first + r * stride) * classes;
      for (let k = 0; k < classes; k++) rows[r * classes + k] = scale * (logits[start + k] as number);
    }
    multiply(rows, parameters, classes, count, values);
    for (let r = 0; r < count; r++) {
      const example = first + r * stride;
      const weight = weights === null ? 1 : (weights[example] as number);
      loss += residuals(values, r * classes, classes, labels[example] as number, weight);
    }
    values.fill(0, count * classes);
    accumulate(rows, values, classes, count, gradient);
  }
  return loss;
};

/**
 * values = rows (I + D)^T + b, two classes and four rows at a time: the classes' weights stay in the nearest cache, the block
 * of rows in the next.
 */
function multiply(
  rows: Float64Array,
  parameters: Float64Array,
  classes: number,
  count: number,
  values: Float64Array,
): void {
  for (let pair = 0; pair < classes; pair += 2) {
    const k = Math.min(pair, classes - 2);
    const first = k * (classes + 1);
    const second = first + classes + 1;
    const bias0 = parameters[first + classes] as number;
    const bias1 = parameters[second + classes] as number;
    for (let r = 0; r < count; r += 4) {
      const row0 = r * classes;
      const row1 = row0 + classes;
      const row2 = row1 + classes;
      const row3 = row2 + classes;
      let sum00 = bias0;
      let sum01 = bias0;
      let sum02 = bias0;
      let sum03 = bias0;
      let sum10 = bias1;
      let sum11 = bias1;
      let sum12 = bias1;
      let sum13 = bias1;
      for (let j = 0; j < classes; j++) {
        const weight0 = parameters[first + j] as number;
        const weight1 = parameters[second + j] as number;
        const value0 = rows[row0 + j] as number;
        const value1 = rows[row1 + j] as number;
        const value2 = rows[row2 + j] as number;
        const value3 = rows[row3 + j] as number;
        sum00 += weight0 * value0;
        sum01 += weight0 * value1;
        sum02 += weight0 * value2;
        sum03 += weight0 * value3;
        sum10 += weight1 * value0;
        sum11 += weight1 * value1;
        sum12 += weight1 * value2;
        sum13 += weight1 * value3;
      }
      values[row0 + k] = (rows[row0 + k] as number) + sum00;
      values[row1 + k] = (rows[row1 + k] as number) + sum01;
      values[row2 + k] = (rows[row2 + k] as number) + sum02;
      values[row3 + k] = (rows[row3 + k] as number) + sum03;
      values[row0 + k + 1] = (rows[row0 + k + 1] as number) + sum10;
      values[row1 + k + 1] = (rows[row1 + k + 1] as number) + sum11;
      values[row2 + k + 1] = (rows[row2 + k + 1] as number) + sum12;
      values[row3 + k + 1] = (rows[row3 + k + 1] as number) + sum13;
    }
  }
}

/** Residuals smaller than this change no digit of a fit: their products are left out. */
const negligible = 1e-12;

/** gradient += residuals^T [rows, 1], four rows at a time. */
function accumulate(
  rows: Float64Array,
  values: Float64Array,
  classes: number,
  count: number,
  gradient: Float64Array,
): void {
  for (let k = 0; k < classes; k++) {
    const first = k * (classes + 1);
    for (let r = 0; r < count; r += 4) {
      const row0 = r * classes;
      const row1 = row0 + classes;
      const row2 = row1 + classes;
      const row3 = row2 + classes;
      const residual0 = values[row0 + k] as number;
      const residual1 = values[row1 + k] as number;
      const residual2 = values[row2 + k] as number;
      const residual3 = values[row3 + k] as number;
      const size = Math.abs(residual0) + Math.abs(residual1) + Math.abs(residual2) + Math.abs(residual3);
      if (size < negligible) continue;
      gradient[first + classes] =
        (gradient[first + classes] as number) + residual0 + residual1 + residual2 + residual3;
      for (let j = 0; j < classes; j++) {
        gradient[first + j] =
          (gradient[first + j] as number) +
          residual0 * (rows[row0 + j] as number) +
          residual1 * (rows[row1 + j] as number) +
          residual2 * (rows[row2 + j] as number) +
          residual3 * (rows[row3 + j] as number);
      }
    }
  }
}
