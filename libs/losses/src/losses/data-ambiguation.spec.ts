import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tf } from '@label-relaxation/runtime';
import { evaluate, worst } from '../../test/evaluate';
import { createLoss } from '../loss';

interface Case {
  alpha: number;
  beta_start: number;
  beta_end: number;
  progress: number;
  classes: number;
  logits: number[];
  labels: number[];
  values: number[];
  gradient: number[];
}

const file = join(__dirname, '../../../../tools/fixtures/losses/credal.json');
const { data_ambiguation: cases } = JSON.parse(readFileSync(file, 'utf8')) as { data_ambiguation: Case[] };

it.each(cases)(
  'is the published formula at progress $progress, beta from $beta_start to $beta_end',
  ({ alpha, beta_start, beta_end, progress, classes, logits, labels, ...expected }) => {
    const rows = labels.map((_, i) => logits.slice(i * classes, (i + 1) * classes));
    const loss = createLoss('data_ambiguation', alpha, { beta_start, beta_end });
    const { values, gradient } = evaluate((x, y) => loss.perExample(x, y, tf.scalar(progress)), rows, labels);
    expect(worst(values, expected.values)).toBeLessThan(1e-6);
    expect(worst(gradient.flat(), expected.gradient)).toBeLessThan(1e-6);
  },
);

it('does not punish the confident prediction of another class, once beta is below it', () => {
  const logits = [[0.32, 0.66, 0.02].map(Math.log)];
  const loss = createLoss('data_ambiguation', 0.05);
  const at = (progress: number) =>
    evaluate((x, y) => loss.perExample(x, y, tf.scalar(progress)), logits, [0]).values[0];
  expect(at(0)).toBeGreaterThan(0.5);
  expect(at(0.99)).toBe(0);
});

it('is label relaxation where nothing is trained', () => {
  const logits = [[0.1, 0.9].map(Math.log)];
  const found = evaluate(createLoss('data_ambiguation', 0.05).perExample, logits, [0]);
  expect(found).toEqual(evaluate(createLoss('label_relaxation', 0.05).perExample, logits, [0]));
});

it('refuses a beta that is no probability', () => {
  expect(() => createLoss('data_ambiguation', 0.05, { beta_start: 1.5 })).toThrow(
    'beta_start 1.5 is out of range: data_ambiguation takes a value in [0, 1].',
  );
});
