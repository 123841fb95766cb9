import type { LabelledPredictions, Labels, Numbers, Predictions } from '@label-relaxation/metrics';
import { CalibrationError } from './errors';
import type { Examples } from './inputs';
import { readExamples, readRows } from './inputs';
import { JsonReader, parsedJson } from './json-reader';
import type { AffineCalibrator, LogitWeights } from './methods/affine';
import { affineLogitWeights, matrix, smatrix, svector, vector } from './methods/affine';
import type { BetaMap } from './methods/beta';
import { beta } from './methods/beta';
import type { DirichletCalibrator, DirichletOptions } from './methods/dirichlet';
import { dirichlet } from './methods/dirichlet';
import type { HistogramMap, HistogramOptions } from './methods/histogram';
import { histogram } from './methods/histogram';
import { isotonic } from './methods/isotonic';
import type { Counts, Method } from './methods/method';
import type { OneVsRestCalibrator } from './methods/one-vs-rest';
import type { PlattMap } from './methods/platt';
import { platt } from './methods/platt';
import type { TemperatureCalibrator, TemperatureOptions } from './methods/temperature';
import { temperature } from './methods/temperature';
import type { VennAbersMap } from './methods/venn-abers';
import { vennAbers } from './methods/venn-abers';
import type { PiecewiseLinear } from './numerics/isotonic-regression';

/** A fitted calibrator: plain JSON, applied by `transform` and read back by `parseCalibrator`. */
export type Calibrator =
  | TemperatureCalibrator
  | AffineCalibrator
  | DirichletCalibrator
  | OneVsRestCalibrator<'platt', PlattMap>
  | OneVsRestCalibrator<'beta', BetaMap>
  | OneVsRestCalibrator<'isotonic', PiecewiseLinear>
  | OneVsRestCalibrator<'histogram', HistogramMap>
  | OneVsRestCalibrator<'venn_abers', VennAbersMap>;

/** The name of a method. */
export type CalibrationMethod = Calibrator['method'];

/** A calibrator of one method. */
export type CalibratorOf<N extends CalibrationMethod> = Calibrator & { readonly method: N };

/** What a method can be told, each of it optional. */
export type CalibrationOptions<N extends CalibrationMethod> = N extends 'temperature'
  ? TemperatureOptions
  : N extends 'dirichlet'
    ? DirichletOptions
    : N extends 'histogram'
      ? HistogramOptions
      : Record<string, never>;

/** Every method, by its name. */
const methods = {
  temperature,
  vector,
  svector,
  matrix,
  smatrix,
  dirichlet,
  platt,
  beta,
  isotonic,
  histogram,
  venn_abers: vennAbers,
} satisfies Record<CalibrationMethod, unknown>;

/** The names of the methods. */
export const calibrationMethods = Object.keys(methods) as readonly CalibrationMethod[];

/** The version of the JSON that is written. */
const version = 1;

function methodOf(name: string): Method<object, object> {
  if (!Object.hasOwn(methods, name)) {
    throw new CalibrationError(`method is ${name}: expected one of ${calibrationMethods.join(', ')}`);
  }
  return methods[name as CalibrationMethod] as unknown as Method<object, object>;
}

function countLabels(labels: Labels, classes: number, weights: Numbers | null = null): Counts {
  const byClass = new Int32Array(classes);
  let examples = 0;
  for (let i = 0; i < labels.length; i++) {
    if (weights !== null && weights[i] === 0) continue;
    const label = labels[i] as number;
    byClass[label] = (byClass[label] as number) + 1;
    examples++;
  }
  return { examples, byClass };
}

/**
 * Why a method would not be fitted on examples with these labels; null where it would. For asking before the predictions
 * are there.
 */
export function refusalOf<N extends CalibrationMethod>(
  method: N,
  labels: Labels,
  classes: number,
  options?: CalibrationOptions<N>,
): string | null {
  return methodOf(method).refusal(countLabels(labels, classes), options ?? {});
}

/**
 * Fits a method on predictions for examples that the model was not trained on.
 *
 * @param examples logits or probabilities, examples x classes row by row, with labels and, if wanted, weights
 * @throws CalibrationError where the examples are too few for the method, saying why; MetricsError on empty or mismatched
 *   input, values that are not finite, rows that are no distribution, labels out of range
 */
export function fitCalibrator<N extends CalibrationMethod>(
  method: N,
  examples: LabelledPredictions,
  options?: CalibrationOptions<N>,
): CalibratorOf<N> {
  return fitExamples(method, readExamples(examples), options ?? {}) as CalibratorOf<N>;
}

/** `fitCalibrator` of examples that are checked. */
export function fitExamples(method: CalibrationMethod, examples: Examples, options: object): Calibrator {
  const { refusal, fit } = methodOf(method);
  const { classes, size, labels, weights } = examples;
  const reason = refusal(countLabels(labels, classes, weights), options);
  if (reason !== null) throw new CalibrationError(reason);
  return { method, version, classes, examples: size, ...fit(examples, options) } as Calibrator;
}

/**
 * Calibrated probabilities of a classifier's predictions, [examples, classes] row by row, in float64.
 *
 * @throws CalibrationError where the predictions have another number of classes, or are probabilities for a calibrator of
 *   logits, or where its parameters are such that no probabilities come of them; MetricsError on values that are no
 *   predictions
 */
export function transform(calibrator: Calibrator, predictions: Predictions): Float64Array {
  const rows = readRows(predictions, calibrator.classes);
  const probabilities = methodOf(calibrator.method).transform(calibrator, rows);
  const wrong = probabilities.findIndex((p) => !(p >= 0 && p <= 1));
  if (wrong < 0) return probabilities;
  throw new CalibrationError(
    `the ${calibrator.method} calibrator gives ${probabilities[wrong]} as a probability: fit it again`,
  );
}

/**
 * W and b of a calibrator that is an affine map of logits, for folding it into a network's last layer: softmax(W z + b) is
 * what it gives for logits z. Null for any other.
 */
export function logitWeights(calibrator: Calibrator): LogitWeights | null {
  if (calibrator.method === 'temperature') {
    const { classes, temperature } = calibrator;
    const ones = new Array<number>(classes).fill(1);
    return affineLogitWeights({ input: 'logits', temperature, weights: ones, bias: ones.map(() => 0) });
  }
  return 'input' in calibrator ? affineLogitWeights(calibrator) : null;
}

/**
 * Reads a calibrator back from its JSON, as text or as what `JSON.parse` gives.
 *
 * @throws CalibrationError where it is no calibrator, or one of a later version
 */
export function parseCalibrator(json: unknown): Calibrator {
  const reader = new JsonReader(parsedJson(json, 'the calibrator'), 'the calibrator');
  reader.version(version);
  const method = reader.word('method', calibrationMethods);
  const classes = reader.count('classes', 2);
  const examples = reader.count('examples');
  return { method, version, classes, examples, ...methodOf(method).read(reader, classes) } as Calibrator;
}
