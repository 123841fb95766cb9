import type { LabelledPredictions, Predictions } from '@label-relaxation/metrics';
import { CalibrationError } from '../errors';
import type { Rows } from '../inputs';
import { probabilityReader, readExamples, readRows } from '../inputs';
import { JsonReader, parsedJson } from '../json-reader';
import { LargestFirst } from './largest-first';
import type { PredictionSets } from './prediction-sets';
import type { ConformalScore, ScoreRule } from './scores';
import { randomPart, rankPenalty, scoreOf } from './scores';
import { conformalThreshold } from './threshold';

/** How prediction sets are made. */
export interface ConformalOptions {
  /** How often a set may miss the right class, above 0 and below 1; 0.1 unless given. */
  readonly alpha?: number;
  /** `lac` (the smallest sets on average) unless given. */
  readonly score?: ConformalScore;
  /**
   * Whether aps and raps take off a random part of the class's own probability, which makes their coverage as exact as that of lac;
   * true unless given, as in both papers.
   */
  readonly randomised?: boolean;
  /** Seed of what is random; 0 unless given. */
  readonly seed?: number;
  /** Penalty of raps for each rank beyond `freeRanks`, lambda in the paper; 0.1 unless given. */
  readonly penalty?: number;
  /** Ranks that raps does not penalise, k_reg in the paper; 1 unless given. */
  readonly freeRanks?: number;
  /** Whether each class gets a threshold of its own, so that coverage holds for each (Vovk 2012); false unless given. */
  readonly byClass?: boolean;
}

/** A fitted conformal predictor: plain JSON, applied by `predictSets` and read back by `parseConformal`. */
export interface ConformalPredictor extends ScoreRule {
  readonly version: 1;
  readonly classes: number;
  /** How many examples it was fitted on. */
  readonly examples: number;
  readonly alpha: number;
  /** One threshold, or one for each class; null where the examples are too few for one, so that the class is always in. */
  readonly thresholds: readonly (number | null)[];
}

const version = 1;

/**
 * Split conformal prediction: thresholds on the scores of examples that the model was not trained on, such that the sets of
 * new examples from the same source hold the right class with a probability of 1 - alpha at least, and of
 * 1 - alpha + 1 / (n + 1) at most where no scores are equal.
 *
 * @throws CalibrationError on options out of range; MetricsError on values that are no predictions
 */
export function fitConformal(
  given: LabelledPredictions,
  {
    alpha = 0.1,
    score = 'lac',
    randomised = score !== 'lac',
    seed = 0,
    penalty = 0.1,
    freeRanks = 1,
    byClass = false,
  }: ConformalOptions = {},
): ConformalPredictor {
  if (!(alpha > 0 && alpha < 1))
    throw new CalibrationError(`alpha is ${alpha}: expected more than 0 and less than 1`);
  if (score !== 'lac' && score !== 'aps' && score !== 'raps') {
    throw new CalibrationError(`score is ${String(score)}: expected lac, aps or raps`);
  }
  if (!(penalty >= 0 && penalty < Infinity))
    throw new CalibrationError(`penalty is ${penalty}: expected 0 or more`);
  if (!Number.isInteger(freeRanks) || freeRanks < 0) {
    throw new CalibrationError(`freeRanks is ${freeRanks}: expected a whole number of 0 or more`);
  }
  if ('weights' in given && given.weights !== undefined) {
    throw new CalibrationError('split conformal prediction takes no weights: its examples count alike');
  }
  const examples = readExamples(given);
  const { classes, size, labels } = examples;
  const read = probabilityReader(examples);
  const probabilities = new Float64Array(classes);
  const rule = { score, randomised, seed, penalty, freeRanks };
  const scores = new Float64Array(size);
  for (let row = 0; row < size; row++) {
    read(row, probabilities);
    scores[row] = scoreOf(rule, probabilities, labels[row] as number, randomPart(rule, row));
  }
  const groups = byClass
    ? Array.from({ length: classes }, (_, k) => scores.filter((_, row) => labels[row] === k))
    : [scores];
  const thresholds = groups.map((group) => {
    const threshold = conformalThreshold(group, alpha);
    return threshold === Infinity ? null : threshold;
  });
  return { version, classes, examples: size, alpha, ...rule, thresholds };
}

/**
 * The prediction sets of examples: every class whose score is at most the threshold. A set may be empty where even the best
 * class is too strange; `nonEmpty` then lets that class in, and coverage only grows.
 */
export function predictSets(
  predictor: ConformalPredictor,
  predictions: Predictions,
  { nonEmpty = false }: { readonly nonEmpty?: boolean } = {},
): PredictionSets {
  const rows = readRows(predictions, predictor.classes);
  const starts = new Int32Array(rows.size + 1);
  const members: number[] = [];
  const append = memberFinder(predictor, rows);
  for (let row = 0; row < rows.size; row++) {
    append(row, members, nonEmpty);
    starts[row + 1] = members.length;
  }
  return { classes: predictor.classes, starts, members: Int32Array.from(members) };
}

/** Gives a function that appends the members of a row's set, most probable first. */
function memberFinder(
  predictor: ConformalPredictor,
  rows: Rows,
): (row: number, members: number[], nonEmpty: boolean) => void {
  const { classes, thresholds, seed } = predictor;
  const limits = thresholds.map((threshold) => threshold ?? Infinity);
  const highest = Math.max(...limits);
  // Examples to come must not share the random parts of those that the thresholds were found with.
  const rule = { ...predictor, seed: seed ^ 0x55555555 };
  // A little below what lac lets in, since 1 - p is rounded.
  const least = rule.score === 'lac' ? 1 - highest - 1e-9 : 0;
  const read = probabilityReader(rows);
  const probabilities = new Float64Array(classes);
  const order = new LargestFirst(classes);
  return (row, members, nonEmpty) => {
    read(row, probabilities);
    const part = randomPart(rule, row);
    const before = members.length;
    order.begin(probabilities, least);
    let above = 0;
    for (let rank = 1, k = order.next(); k >= 0; rank++, k = order.next()) {
      const own = probabilities[k] as number;
      const penalty = rankPenalty(rule, rank);
      const score = rule.score === 'lac' ? 1 - own : above + own - part * own + penalty;
      above += own;
      if (score <= (limits.length === 1 ? highest : (limits[k] as number))) members.push(k);
      // No class further down can have a score below this.
      if ((rule.score === 'lac' ? score : above - own + penalty) > highest) break;
    }
    if (!nonEmpty || members.length > before) return;
    order.begin(probabilities, 0);
    members.push(order.next());
  };
}

/**
 * Reads a conformal predictor back from its JSON, as text or as what `JSON.parse` gives.
 *
 * @throws CalibrationError where it is none, or one of a later version
 */
export function parseConformal(json: unknown): ConformalPredictor {
  const reader = new JsonReader(parsedJson(json, 'the conformal predictor'), 'the conformal predictor');
  reader.version(version);
  const classes = reader.count('classes', 2);
  return {
    version,
    classes,
    examples: reader.count('examples'),
    alpha: reader.number('alpha', (value) => value > 0 && value < 1),
    score: reader.word('score', ['lac', 'aps', 'raps']),
    randomised: reader.boolean('randomised'),
    seed: reader.number('seed'),
    penalty: reader.number('penalty', (value) => value >= 0),
    freeRanks: reader.count('freeRanks'),
    thresholds: reader.numbersOrNull('thresholds', (length) => length === 1 || length === classes),
  };
}
