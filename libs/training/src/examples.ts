import { TrainingError } from './errors';
import type { BatchResult, TrainingData } from './step';
import { nextTurn } from './turn';

/** About so many numbers of images are scored at once: small images take longer in smaller chunks, large ones in larger. */
const NUMBERS_AT_ONCE = 2 ** 18;

/** How many examples are best scored at once: a batch, or more of them where images are small. */
export function chunkSize(batchSize: number, { shape }: TrainingData): number {
  const pixels = shape[0] * shape[1] * shape[2];
  return Math.max(batchSize, 2 ** Math.floor(Math.log2(NUMBERS_AT_ONCE / pixels)));
}

/** Consecutive parts of the example numbers, each of at most `size`, as views. */
function* chunks(examples: Int32Array, size: number): Generator<Int32Array> {
  for (let start = 0; start < examples.length; start += size) yield examples.subarray(start, start + size);
}

/** Loss and hits of any number of examples, of which `score` takes `size` at a time; the event loop gets its turns. */
export async function evaluateChunks(
  examples: Int32Array,
  size: number,
  score: (chunk: Int32Array) => BatchResult,
): Promise<BatchResult> {
  const sum = new ScoreSum();
  for (const chunk of chunks(examples, size)) {
    await nextTurn();
    sum.add(score(chunk), chunk.length);
  }
  return sum.result;
}

/** Logits of any number of examples, of which `compute` takes `size` at a time; the event loop gets its turns. */
export async function logitsOfChunks(
  examples: Int32Array,
  size: number,
  compute: (chunk: Int32Array) => Float32Array,
): Promise<Float32Array> {
  const parts: Float32Array[] = [];
  for (const chunk of chunks(examples, size)) {
    await nextTurn();
    parts.push(compute(chunk));
  }
  return concatenate(parts);
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
export function checkData({ images, labels, shape, mean }: TrainingData): void {
  const pixels = shape[0] * shape[1] * shape[2];
  if (images.length !== labels.length * pixels) {
    throw new TrainingError(
      `The data has ${labels.length} labels and ${images.length} pixels: images of ${shape.join('x')} need ${labels.length * pixels}.`,
    );
  }
  if (mean && mean.length !== pixels) {
    throw new TrainingError(
      `The mean image has ${mean.length} values: images of ${shape.join('x')} need ${pixels}.`,
    );
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
