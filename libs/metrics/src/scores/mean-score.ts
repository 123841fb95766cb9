import { MetricsError } from '../errors';
import type { Events } from '../events/events';
import { eventsOf } from '../events/events';
import { readWeights } from '../inputs/check';
import type { Matrix } from '../inputs/matrix';
import { readMatrix } from '../inputs/matrix';
import type { Labels, SoftLabels, Weighted } from '../inputs/types';
import type { Bare, Evaluate, Measure, Sample } from '../measure/measure';
import { defineMeasure } from '../measure/measure';

/** What each example scores. */
interface Scores extends Sample {
  readonly values: Float64Array;
  readonly weights: Float64Array | null;
}

/** How examples are scored, of classes and of one event. */
interface Scorer<O> {
  readonly name: string;
  /** What a bare array is taken for. */
  readonly bare: Bare;
  /** The score of each example, told its number; checks the values on the way. */
  readonly ofClasses: (matrix: Matrix, options: O) => (row: number) => number;
  /** The score of a probability and an outcome; null where there is none. */
  readonly ofEvent: ((confidence: number, outcome: number) => number) | null;
}

/** Weighted mean of the scores over a resample. What is not drawn is passed over, since it may be infinite. */
function meanOf({ size, values, weights }: Scores): Evaluate {
  return (counts) => {
    let sum = 0;
    let total = 0;
    for (let i = 0; i < size; i++) {
      const weight = (counts[i] as number) * (weights === null ? 1 : (weights[i] as number));
      if (weight === 0) continue;
      sum += weight * (values[i] as number);
      total += weight;
    }
    return sum / total;
  };
}

/** Makes a measure that is the mean of a score over the examples. */
export function defineMeanScore<O extends Weighted, P>({
  name,
  bare,
  ofClasses,
  ofEvent,
}: Scorer<O>): Measure<O, P> {
  return defineMeasure<Scores, O, P>(
    {
      name,
      reduce: (predictions, targets, options) => {
        if ('event' in predictions) {
          if (ofEvent === null)
            throw new MetricsError(`${name} needs predictions of classes, not of one event`);
          const { size, confidences, outcomes, weights } = eventsOf(predictions, targets, {
            weights: options.weights,
          }).next().value as Events;
          const score = (_: number, i: number): number =>
            ofEvent(confidences[i] as number, outcomes[i] as number);
          return [{ size, values: new Float64Array(size).map(score), weights }];
        }
        const matrix = readMatrix(predictions, targets as Labels | SoftLabels);
        const score = ofClasses(matrix, options);
        const values = new Float64Array(matrix.examples);
        for (let row = 0; row < values.length; row++) values[row] = score(row);
        return [{ size: values.length, values, weights: readWeights(options.weights, values.length) }];
      },
      prepare: meanOf,
    },
    bare,
  );
}
