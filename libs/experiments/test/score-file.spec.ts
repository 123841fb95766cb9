import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { accuracy, expectedCalibrationError, softmax } from '@label-relaxation/metrics';
import { npy } from '../../../tools/test/npy';
import { numbers } from '../../../tools/test/numbers';
import { scoreFile } from '../src/lazy';
import { resolveParameters } from '../src/parameters/hyperparameters';
import type { GivenParameters } from '../src/parameters/parameters';

const [size, classes] = [400, 4];
const folder = mkdtempSync(join(tmpdir(), 'score-file-'));
const journal = join(folder, 'journal');
const next = numbers(17);
const labels = Uint8Array.from({ length: size }, () => Math.floor(classes * next()));
/** Logits of a network that is right more often than not, and much too sure. */
const logits = Float32Array.from({ length: size * classes }, (_, i) => {
  const isRight = labels[Math.floor(i / classes)] === i % classes;
  return 20 * ((isRight ? 1 : 0) + next() + next() - 1);
});
const probabilities = softmax(logits, classes);

beforeAll(() => {
  process.env['MLFLOW_JOURNAL_DIR'] = journal;
  const file = (name: string, values: Float32Array) => {
    const arrays = { [`${name}.npy`]: npy(values, [size, classes]), 'labels.npy': npy(labels, [size]) };
    writeFileSync(join(folder, `${name}.npz`), zipSync(arrays));
  };
  file('logits', logits);
  file('probabilities', Float32Array.from(probabilities));
  const lines = Array.from(labels, (label, i) => [...logits.subarray(4 * i, 4 * i + 4), label].join(','));
  writeFileSync(join(folder, 'logits.csv'), ['a,b,c,d,label', ...lines, ''].join('\n'));
});

afterAll(() => {
  delete process.env['MLFLOW_JOURNAL_DIR'];
  rmSync(folder, { recursive: true, force: true });
});

const score = (name: string, given: GivenParameters = {}) =>
  scoreFile(join(folder, name), resolveParameters({ alpha: 0.1, offline: true, ...given }).parameters);

it('scores logits and probabilities alike, from .npz and CSV, and tracks them', async () => {
  const ofLogits = await score('logits.npz');
  expect(ofLogits).toMatchObject({
    predictions: 'logits',
    classes,
    scored_examples: size,
    scaling_examples: 0,
  });
  expect(ofLogits.accuracy).toBe(accuracy(probabilities, labels));
  expect(ofLogits.ece).toBe(expectedCalibrationError(probabilities, labels));
  const others = [await score('probabilities.npz'), await score('logits.csv', { predictions: 'logits' })];
  for (const other of others) {
    for (const name of ['accuracy', 'ece', 'nll', 'brier', 'refinement'] as const)
      expect(other[name]).toBeCloseTo(ofLogits[name]!, 5);
  }
  const events = readFileSync(join(journal, `${ofLogits.run_id.replace('local-', '')}.jsonl`), 'utf8');
  for (const name of [
    'test_accuracy',
    'reliability_diagram.svg',
    'classes.json',
    'confidence.html',
    'result.json',
    'sha256',
  ])
    expect(events).toContain(name);
});

it('calibrates on one half and scores the other', async () => {
  const scores = await score('logits.npz', { calibrate: 'temperature', conformal: 0.1 });
  expect(scores).toMatchObject({ calibrator: 'temperature', scored_examples: 200, scaling_examples: 200 });
  expect(scores.temperature).toBeGreaterThan(1.2);
  expect(scores.nll).toBeLessThan(scores.uncalibrated!.nll);
  expect(scores.conformal!.coverage).toBeGreaterThan(0.8);
  expect(await score('logits.npz', { calibrate: 'temperature', conformal: 0.1 })).toMatchObject({
    nll: scores.nll,
  });
});

it('refuses what cannot be scored in one line, and tracks nothing', async () => {
  const before = readdirSync(journal);
  await expect(score('logits.csv')).rejects.toThrow(
    /logits\.csv doesn't say what it holds: give --predictions logits or --predictions probabilities$/u,
  );
  await expect(score('logits.npz', { predictions: 'probabilities' })).rejects.toThrow(
    /row 0 has the sum .*: probabilities are at least 0 and sum to 1; are these logits/u,
  );
  await expect(score('nothing.npz')).rejects.toThrow('nothing.npz');
  expect(readdirSync(journal)).toEqual(before);
});
