import type { Counts, Definition, Evaluate, Sample } from '../measure/measure';
import { definitionNamed, meanOverParts } from '../measure/measure';
import { randomStream } from '../numerics/random';
import { resample } from './resample';

/** The most leave-out values that the acceleration is computed from: of more examples, this many groups are left out in turn. */
export const mostLeftOut = 500;

/** A bootstrap, in a form that can be handed to another thread. */
export interface BootstrapTask {
  /** The measure's name. */
  readonly measure: string;
  readonly options: object;
  /** What was read for each model, in parts over which the measure is a mean: one model, or two whose difference is drawn. */
  readonly models: readonly (readonly Sample[])[];
  /** Number of examples. */
  readonly size: number;
  readonly seed: number;
  readonly draws: number;
  /** Number of values with a part of the examples left out, after the draws. */
  readonly leftOut: number;
}

/** Evaluates the difference of two models' measures, or one model's, on a resample. */
function evaluator({ measure, options, models }: BootstrapTask): Evaluate {
  const { prepare } = definitionNamed(measure) as Definition<Sample, object>;
  const [first = [], second] = models.map((parts) => parts.map((part) => prepare(part, options)));
  const mean = (parts: readonly Evaluate[], counts: Counts): number =>
    parts.length === 1
      ? (parts[0] as Evaluate)(counts)
      : meanOverParts(parts.map((evaluate) => evaluate(counts)));
  return (counts) => mean(first, counts) - (second === undefined ? 0 : mean(second, counts));
}

/** The measure on the examples themselves. */
export function estimateOf(task: BootstrapTask): number {
  return evaluator(task)(new Uint8Array(task.size).fill(1));
}

/**
 * The values of a task with the numbers from `from` to `to` - 1: first those of the draws, then those with a part of the examples
 * left out. Each draw has random numbers of its own, so that a task can be shared among threads in any way.
 */
export function valuesOf(task: BootstrapTask, from: number, to: number): Float64Array {
  const { size, seed, draws, leftOut } = task;
  const evaluate = evaluator(task);
  const counts = new Uint8Array(size);
  return Float64Array.from({ length: to - from }, (_, i) => {
    const number = from + i;
    if (number < draws) resample(counts, randomStream(seed, number));
    else {
      counts.fill(1);
      for (let example = number - draws; example < size; example += leftOut) counts[example] = 0;
    }
    return evaluate(counts);
  });
}
