import { CalibrationError } from '../errors';
import type { Examples, PredictionKind, Rows, Values } from '../inputs';
import { logitsOf } from '../inputs';
import type { JsonReader } from '../json-reader';
import { almostNoPenalty, fitRegression } from '../numerics/fit-regression';
import type { Penalties } from '../numerics/softmax-regression';
import { softmaxRow } from '../numerics/softmax-row';
import type { Fitted, Method } from './method';
import { fewerThan } from './method';
import { temperatureOf } from './temperature';

/** softmax(W x + b), where x is z / T for logits z, and ln softmax(ln p / T) for probabilities p. */
export interface Affine {
  /** What the map is of. */
  readonly input: PredictionKind;
  /** T. */
  readonly temperature: number;
  /** W, [classes, classes] row by row, or its diagonal alone, [classes]. */
  readonly weights: readonly number[];
  readonly bias: readonly number[];
}

/** Names of the affine methods. */
export type AffineMethod = 'vector' | 'matrix' | 'svector' | 'smatrix';

/** A fitted affine map of logits. */
export interface AffineCalibrator extends Fitted, Affine {
  readonly method: AffineMethod;
}

type PenaltiesOf = (examples: Examples) => Penalties;

/** Those of Berta et al. (2025): k/n on the biases and the diagonal, k(k - 1)/n off it. */
const structured: PenaltiesOf = ({ classes, size }) => ({
  diagonal: classes / size,
  offDiagonal: (classes * (classes - 1)) / size,
  bias: classes / size,
});

/** An affine method: first a temperature, then the rest on the scaled logits, as a departure from the identity. */
function affine(
  penaltiesOf: PenaltiesOf,
  full: boolean,
  refusal: Method<Affine, object>['refusal'],
): Method<Affine, object> {
  const fit = (examples: Examples): Affine => {
    const temperature = temperatureOf(examples);
    const penalties = penaltiesOf(examples);
    const { weights, bias } = fitRegression({
      ...examples,
      ...scaledLogits(examples, temperature),
      penalties: full ? penalties : { ...penalties, offDiagonal: null },
    });
    return { input: examples.kind, temperature, weights: Array.from(weights), bias: Array.from(bias) };
  };
  return {
    refusal,
    fit,
    transform: transformAffine,
    read: (json, classes) => readAffine(json, classes, full),
  };
}

/** x as logits and what they are multiplied by. */
function scaledLogits(rows: Rows, temperature: number): { logits: Values; scale: number } {
  if (rows.kind === 'logits') return { logits: rows.values, scale: 1 / temperature };
  const scaled = logitsOf(rows).map((logit) => logit / temperature);
  return { logits: logitsOf(asProbabilities({ ...rows, kind: 'logits', values: scaled })), scale: 1 };
}

const readAffine = (json: JsonReader, classes: number, full: boolean): Affine => ({
  input: json.word('input', ['logits', 'probabilities']),
  temperature: json.number('temperature', (value) => value > 0),
  weights: json.numbers('weights', full ? classes * classes : classes),
  bias: json.numbers('bias', classes),
});

function transformAffine({ input, temperature, weights, bias }: Affine, rows: Rows): Float64Array {
  if (input === 'logits' && rows.kind === 'probabilities') {
    throw new CalibrationError(
      'this calibrator was fitted on logits, which probabilities do not give back: pass the logits',
    );
  }
  const { logits, scale } = scaledLogits(input === 'logits' ? rows : asProbabilities(rows), temperature);
  return applyAffine(weights, bias, { ...rows, logits, scale });
}

/** W and b of a map of logits, so that softmax(W z + b) is what it gives for logits z. */
export interface LogitWeights {
  /** [classes, classes] row by row. */
  readonly weights: Float64Array;
  readonly bias: Float64Array;
}

/** The weights of an affine map with its temperature worked in; null for one of probabilities. */
export function affineLogitWeights({ input, temperature, weights, bias }: Affine): LogitWeights | null {
  if (input === 'probabilities') return null;
  const classes = bias.length;
  const folded = new Float64Array(classes * classes);
  const step = weights.length === classes ? classes + 1 : 1;
  weights.forEach((weight, i) => (folded[i * step] = weight / temperature));
  return { weights: folded, bias: Float64Array.from(bias) };
}

/** Predictions as probabilities: those of logits are their softmax. */
export function asProbabilities<T extends Rows>(rows: T): T {
  if (rows.kind === 'probabilities') return rows;
  const values = Float64Array.from(rows.values);
  for (let row = 0; row < rows.size; row++) softmaxRow(values, row * rows.classes, rows.classes);
  return { ...rows, kind: 'probabilities', values };
}

/** softmax(W s z + b) of each row of logits z, where s is a scale, and W is given whole or by its diagonal. */
export function applyAffine(
  weights: readonly number[],
  bias: readonly number[],
  { classes, size, logits, scale }: Pick<Rows, 'classes' | 'size'> & { logits: Values; scale: number },
): Float64Array {
  const matrix = Float64Array.from(weights, (weight) => scale * weight);
  const result = new Float64Array(size * classes);
  for (let row = 0; row < size; row++) {
    const start = row * classes;
    for (let i = 0; i < classes; i++) {
      let value = bias[i] as number;
      if (matrix.length === classes) value += (matrix[i] as number) * (logits[start + i] as number);
      else {
        for (let j = 0; j < classes; j++) {
          value += (matrix[i * classes + j] as number) * (logits[start + j] as number);
        }
      }
      result[start + i] = value;
    }
    softmaxRow(result, start, classes);
  }
  return result;
}

/** Vector scaling (Guo et al. 2017): softmax(diag(v) x + b), without a penalty. */
export const vector = affine(
  () => almostNoPenalty,
  false,
  (counts) => {
    const classes = counts.byClass.length;
    return fewerThan(2 * classes, `vector scaling of ${classes} classes`, counts);
  },
);

/** Matrix scaling (Guo et al. 2017): softmax(W x + b), without a penalty. */
export const matrix = affine(
  () => almostNoPenalty,
  true,
  (counts) => {
    const classes = counts.byClass.length;
    const weights = classes * (classes + 1);
    const what = `matrix scaling of ${classes} classes, which has ${weights} weights and no penalty,`;
    const few = fewerThan(weights, what, counts);
    return few && `${few}: take smatrix`;
  },
);

/** Structured vector scaling (SVS, Berta et al. 2025, arXiv 2511.03685): as `vector`, penalised. */
export const svector = affine(structured, false, (counts) =>
  fewerThan(2, 'structured vector scaling', counts),
);

/** Structured matrix scaling (SMS, Berta et al. 2025, arXiv 2511.03685): as `matrix`, penalised. */
export const smatrix = affine(structured, true, (counts) =>
  fewerThan(2, 'structured matrix scaling', counts),
);
