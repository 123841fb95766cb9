import { TrainingError } from './errors';
import { lookAhead } from './inputs';
import type { BatchResult, Evaluation, TrainingData, TrainingStep } from './step';
import { nextTurn } from './turn';

/** About so many numbers of images are scored at once: small images take longer in smaller chunks, large ones in larger. */
const NUMBERS_AT_ONCE = 2 ** 18;

/** How many examples are best scored at once: a batch, or more of them where images are small. */
export function chunkSize(batchSize: number, { shape }: TrainingData): number {
  return Math.max(batchSize, 2 ** Math.floor(Math.log2(NUMBERS_AT_ONCE / widthOf(shape))));
}

/** How many numbers an example's inputs are. */
export function widthOf(shape: readonly number[]): number {
  return shape.reduce((product, side) => product * side, 1);
}

/** Consecutive parts of the example numbers, each of at most `size`, as views; the next one is read ahead. */
function chunks(examples: Int32Array, size: number, step: Prefetching): Iterable<Int32Array> {
  const views = Array.from({ length: Math.ceil(examples.length / size) }, (_, i) =>
    examples.subarray(i * size, (i + 1) * size),
  );
  return lookAhead(views, 1, (coming) => step.prefetch(coming));
}

type Prefetching = Pick<TrainingStep, 'prefetch'>;

/** Scores any number of examples, of which `score` takes `size` at a time; the event loop gets its turns. */
export async function evaluateChunks(
  examples: Int32Array,
  size: number,
  step: Prefetching,
  score: (chunk: Int32Array) => Promise<Evaluation>,
): Promise<Evaluation> {
  const sum = new ScoreSum();
  const parts: Float32Array[] = [];
  for (const chunk of chunks(examples, size, step)) {
    await nextTurn();
    const scored = await score(chunk);
    sum.add(scored, chunk.length);
    parts.push(scored.logits);
  }
  return { ...sum.result, logits: concatenate(parts) };
}

/** The example-weighted mean of losses and the sum of hits over chunks. */
export class ScoreSum {
  #loss = 0;
  #correct = 0;
  #examples = 0;

  add({ loss, correct }: BatchResult, examples: number): void {
    this.#loss += loss * examples;
    this.#correct += correct;
    this.#examples += examples;
  }

  /** Mean loss and hits so far. */
  get result(): BatchResult {
    return { loss: this.#loss / this.#examples, correct: this.#correct };
  }

  /** Share of hits so far. */
  get accuracy(): number {
    return this.#correct / this.#examples;
  }
}

/** Throws a TrainingError where the numbers aren't those of examples in the data. */
export function checkExamples(examples: Int32Array, { labels }: TrainingData): void {
  if (examples.length === 0) throw new TrainingError('There are no examples: at least one is needed.');
  for (const example of examples) {
    if (example < 0 || example >= labels.length) {
      throw new TrainingError(
        `There is no example ${example}: the data has examples 0 to ${labels.length - 1}.`,
      );
    }
  }
}

/** Throws a TrainingError where the parts of the data don't fit together. */
export function checkData({ inputs, read, labels, targets, shape, mean, deviation }: TrainingData): void {
  const width = widthOf(shape);
  const shown = shape.join('x');
  if (!inputs && !read)
    throw new TrainingError('The data has no inputs: give them, or `read`, which gets them.');
  if (inputs && inputs.length !== labels.length * width) {
    throw new TrainingError(
      `The data has ${labels.length} labels and ${inputs.length} numbers: inputs of ${shown} need ${labels.length * width}.`,
    );
  }
  if (targets && (targets.length === 0 || targets.length % labels.length !== 0)) {
    throw new TrainingError(
      `The data has ${labels.length} labels and ${targets.length} numbers of soft labels: a row for each is needed.`,
    );
  }
  for (const [name, values] of Object.entries({ mean, deviation })) {
    if (values && values.length !== width) {
      throw new TrainingError(`The ${name} has ${values.length} values: inputs of ${shown} need ${width}.`);
    }
  }
}

/** One array from many. */
function concatenate(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  let start = 0;
  for (const part of parts) {
    whole.set(part, start);
    start += part.length;
  }
  return whole;
}
