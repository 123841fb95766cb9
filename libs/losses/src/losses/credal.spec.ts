import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tf } from '@label-relaxation/runtime';
import { evaluate, normals, worst } from '../../test/evaluate';
import { createLoss } from '../loss';

interface Case {
  title: string;
  classes: number;
  logits: number[];
  values: number[];
  gradient: number[];
}

const file = join(__dirname, '../../../../tools/fixtures/losses/credal.json');
const fixture = JSON.parse(readFileSync(file, 'utf8')) as {
  credal: (Case & { possibilities: number[] })[];
  label_relaxation: (Case & { alpha: number; labels: number[] })[];
};

const rowsOf = (values: number[], width: number) =>
  Array.from({ length: values.length / width }, (_, i) => values.slice(i * width, (i + 1) * width));

/** The credal loss of rows of possibilities and its gradient. */
function credalOf(logits: number[][], possibilities: number[][], alpha = 0) {
  const rows = tf.tensor2d(possibilities);
  const loss = createLoss('credal', alpha);
  return evaluate((x) => loss.perExample(x, rows), logits, []);
}

/** 1 on a class, alpha elsewhere. */
const relaxedRow = (label: number, classes: number, alpha: number) =>
  Array.from({ length: classes }, (_, k) => (k === label ? 1 : alpha));

it.each(fixture.credal)('is the divergence that a convex solver finds: $title', (example) => {
  const { classes, logits, possibilities, ...expected } = example;
  const { values, gradient } = credalOf(rowsOf(logits, classes), rowsOf(possibilities, classes));
  expect(worst(values, expected.values)).toBeLessThan(1e-6);
  expect(worst(gradient.flat(), expected.gradient)).toBeLessThan(1e-6);
});

it.each(fixture.label_relaxation)("is the authors' label relaxation at alpha $alpha", (example) => {
  const { alpha, classes, logits, labels, ...expected } = example;
  const rows = rowsOf(logits, classes);
  const one = createLoss('label_relaxation', alpha).perExample;
  for (const found of [
    evaluate(one, rows, labels),
    evaluate(createLoss('credal', alpha).perExample, rows, labels),
  ]) {
    expect(worst(found.values, expected.values)).toBeLessThan(1e-6);
    expect(worst(found.gradient.flat(), expected.gradient)).toBeLessThan(1e-6);
  }
});

it.each([0.025, 0.1, 0.4, 0.9])('is label relaxation where one class is possible, alpha %d', (alpha) => {
  const logits = normals(300, 6, 4, 31);
  const labels = logits.map((_, i) => i % 6);
  const relaxed = evaluate(createLoss('label_relaxation', alpha).perExample, logits, labels);
  const found = credalOf(
    logits,
    labels.map((label) => relaxedRow(label, 6, alpha)),
  );
  expect(worst(found.values, relaxed.values)).toBeLessThan(1e-6);
  expect(worst(found.gradient.flat(), relaxed.gradient.flat())).toBeLessThan(1e-6);
});

it('is data ambiguation where the plausible classes are possible', () => {
  const [alpha, beta] = [0.2, 0.25];
  const logits = normals(300, 5, 2, 32);
  const labels = logits.map((_, i) => i % 5);
  const constant = createLoss('data_ambiguation', alpha, { beta_start: beta, beta_end: beta });
  const ambiguated = evaluate((x, y) => constant.perExample(x, y, tf.scalar(0.4)), logits, labels);
  const possibilities = logits.map((row, i) => {
    const total = row.reduce((sum, z) => sum + Math.exp(z), 0);
    return row.map((z, k) => (k === labels[i] || Math.exp(z) / total > beta ? 1 : alpha));
  });
  const found = credalOf(logits, possibilities);
  expect(worst(found.values, ambiguated.values)).toBeLessThan(1e-6);
  expect(worst(found.gradient.flat(), ambiguated.gradient.flat())).toBeLessThan(1e-6);
});

it('is exactly 0, with a gradient of 0, for an allowed prediction', () => {
  const { values, gradient } = credalOf([[1, 0.5, 0, -1].map((z) => 3 * z)], [[1, 0.6, 0.3, 0.05]]);
  expect(values).toEqual([0]);
  expect(gradient[0]?.map(Math.abs)).toEqual([0, 0, 0, 0]);
});

it('is -ln of the probability of a set of candidates at alpha 0', () => {
  const { values } = credalOf([[0.5, 0.2, 0.2, 0.1].map(Math.log)], [[1, 0, 1, 0]]);
  expect(values[0]).toBeCloseTo(-Math.log(0.7), 6);
});

it('takes no class for less possible than alpha', () => {
  const logits = normals(20, 4, 2, 33);
  const sets = logits.map((_, i) => [1, i % 2, 0, 0.05]);
  const raised = sets.map((row) => row.map((value) => Math.max(value, 0.2)));
  expect(credalOf(logits, sets, 0.2)).toEqual(credalOf(logits, raised));
});

it('refuses more classes than its matrices can hold', () => {
  const logits = tf.zeros([1, 1001]) as tf.Tensor2D;
  expect(() => createLoss('credal', 0.1).perExample(logits, tf.zeros([1], 'int32') as tf.Tensor1D)).toThrow(
    'The credal loss takes at most 1000 classes, not 1001',
  );
});
