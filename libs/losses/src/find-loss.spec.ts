import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { findLoss, parseLossName } from './find-loss';
import { losses } from './registry';

it.each([
  ['lr', 'label_relaxation'],
  ['LR', 'label_relaxation'],
  ['label_relaxation', 'label_relaxation'],
  ['LabelRelaxation', 'label_relaxation'],
  ['ce', 'cross_entropy'],
  ['cross_entropy', 'cross_entropy'],
  ['crossentropy', 'cross_entropy'],
  ['categorical_crossentropy', 'cross_entropy'],
  ['CategoricalCrossentropy', 'cross_entropy'],
  ['focal', 'focal'],
  ['Focal_Loss', 'focal'],
  ['FocalLoss', 'focal'],
  ['conf_pen', 'confidence_penalty'],
  ['confidence_penalty', 'confidence_penalty'],
  ['confidencepenalty', 'confidence_penalty'],
  ['ConfidencePenalty', 'confidence_penalty'],
  ['rda', 'data_ambiguation'],
  ['GCE', 'generalized_cross_entropy'],
  ['generalised_cross_entropy', 'generalized_cross_entropy'],
  ['MbLS', 'margin_smoothing'],
] as const)('%s means %s', (text, name) => {
  expect(parseLossName(text)).toBe(name);
});

it.each(['', 'hinge', 'constructor', 'l r e'])('"%s" is refused with the choices', (text) => {
  expect(() => parseLossName(text)).toThrow(
    `Unknown loss "${text}": choose one of cross_entropy (ce), confidence_penalty (conf_pen), focal, `,
  );
});

it('has names that no two losses share', () => {
  const names = losses.flatMap(({ name, short }) => [...new Set([name, short])]);
  expect(new Set(names).size).toBe(names.length);
  for (const { name, short, type } of losses)
    expect([name, short, type].map(findLoss)).toEqual([name, name, name]);
});

it('is read without loading TensorFlow', () => {
  const root = join(__dirname, '../../..');
  const program = `require(${JSON.stringify(join(__dirname, 'declarations.ts'))});
    console.log(Object.keys(require.cache).filter((file) => file.includes('node_modules')).join());`;
  const words = ['-r', join(root, 'tools/setup/typescript.cjs'), '-e', program];
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).not.toContain('tensorflow');
});
