import type { EventOptions, Events } from '../events/events';
import { eventsOf } from '../events/events';
import type { EventPredictions, Numbers, Predictions, Targets } from '../inputs/types';

/** How often each example counts in a resample: all ones for the data themselves. */
export type Counts = Uint8Array;

/** A measure's value on a resample of some examples. */
export type Evaluate = (counts: Counts) => number;

/** Everything about some examples that a measure needs: typed arrays, so that it can be handed to another thread. */
export interface Sample {
  readonly size: number;
}

/** How a measure is computed, in steps that resampling can repeat. */
export interface Definition<S extends Sample, O> {
  readonly name: string;
  /** Reads predictions and labels; several parts where the measure is a mean over them. */
  readonly reduce: (predictions: AnyPredictions, targets: Targets, options: O) => Iterable<S>;
  /** Does once what all resamples share, sorting above all. */
  readonly prepare: (sample: S, options: O) => Evaluate;
}

/** Predictions of any kind. */
export type AnyPredictions = Predictions | EventPredictions;

/** What an array that does not say what it holds stands for. */
export type Bare = 'probabilities' | 'logits' | 'event';

/**
 * A number that says how good predictions are. Where `P` is `Numbers`, a bare array may stand for the kind of predictions that
 * the measure's documentation names.
 *
 * @throws MetricsError on empty or mismatched input, values that are not finite, rows that are no distribution, labels out of
 *   range, options that make no sense
 */
export interface Measure<O, P = never> {
  (predictions: AnyPredictions | P, targets: Targets, options?: O): number;
  readonly definition: Definition<Sample, O>;
}

const registry = new Map<string, Definition<Sample, never>>();

/** The definition of that name, for a thread that knows no more of a measure. */
export function definitionNamed(name: string): Definition<Sample, never> | undefined {
  return registry.get(name);
}

/** Mean of a measure over its parts, those left out on which it is not defined (NaN); 0 where it is on none. */
export function meanOverParts(values: Iterable<number>): number {
  let total = 0;
  let parts = 0;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    total += value;
    parts++;
  }
  return parts === 0 ? 0 : total / parts;
}

/** Predictions that say what they are. */
export function sayKind(predictions: AnyPredictions | Numbers, bare: Bare | undefined): AnyPredictions {
  const isArray = Array.isArray(predictions) || ArrayBuffer.isView(predictions);
  return isArray && bare !== undefined
    ? ({ [bare]: predictions } as unknown as AnyPredictions)
    : (predictions as AnyPredictions);
}

/** Makes a measure, which bootstrapping finds by its name in any thread. */
export function defineMeasure<S extends Sample, O extends object, P = never>(
  { name, reduce, prepare }: Definition<S, O>,
  bare?: Bare,
): Measure<O, P> {
  const measure = (predictions: AnyPredictions | P, targets: Targets, options: O = {} as O): number => {
    const said = sayKind(predictions as AnyPredictions, bare);
    function* values(): Generator<number> {
      for (const part of reduce(said, targets, options)) {
        yield prepare(part, options)(new Uint8Array(part.size).fill(1));
      }
    }
    return meanOverParts(values());
  };
  const definition = { name, reduce, prepare } as unknown as Definition<Sample, O>;
  registry.set(name, definition as Definition<Sample, never>);
  return Object.assign(measure, { definition });
}

/** Makes a measure of one event: the top label's, a class's, or the mean over all classes'. */
export function defineEventMeasure<O extends EventOptions, P = never>(
  name: string,
  prepare: (events: Events, options: O) => Evaluate,
  bare?: Bare,
): Measure<O, P> {
  return defineMeasure<Events, O, P>({ name, reduce: eventsOf, prepare }, bare);
}
