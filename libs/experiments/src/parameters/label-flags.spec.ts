import { resolveLabels } from './label-flags';
import { parseParameter } from './parameters';

const nothing = { label_noise: null, noise: null, labels: null, noisy_validation: null };

it.each([
  [{}, nothing],
  [{ label_noise: 0 }, nothing],
  [{ label_noise: 0, noise: 'pairflip' }, nothing],
  [{ label_noise: 0.5 }, { ...nothing, label_noise: 0.5, noise: 'symmetric' }],
  [{ noise: './m.csv' }, { ...nothing, label_noise: 1, noise: './m.csv' }],
  [
    { label_noise: 0.2, noise: './m.csv' },
    { ...nothing, label_noise: 0.2, noise: './m.csv' },
  ],
  [
    { labels: 'l.csv', noisy_validation: true },
    { ...nothing, labels: 'l.csv', noisy_validation: true },
  ],
  [
    { label_noise: 0.5, noisy_validation: false },
    { ...nothing, label_noise: 0.5, noise: 'symmetric' },
  ],
])('makes %j complete', (given, expected) => {
  expect(resolveLabels(given)).toEqual(expected);
});

it.each([
  [{ noise: 'pairflip' }, '--noise pairflip needs a probability: give --label_noise, for instance 0.4'],
  [{ labels: 'l.csv', label_noise: 0.1 }, '--labels and --label_noise are both given'],
  [{ noisy_validation: true }, '--noisy_validation needs other labels'],
])('refuses %j', (given, message) => {
  expect(() => resolveLabels(given)).toThrow(message);
});

it.each([
  ['label_noise', '1.5', '--label_noise takes a number from 0 to 1, not "1.5"'],
  ['label_noise', '-0.1', '--label_noise takes a number from 0 to 1, not "-0.1"'],
  ['noise', 'symetric', '--noise takes one of symmetric, asymmetric, pairflip, or a file with a matrix'],
] as const)('refuses --%s %s', (name, text, message) => {
  expect(() => parseParameter(name, text)).toThrow(message);
});

it('reads kinds in any case, and files by their dots and slashes', () => {
  expect(parseParameter('noise', 'PairFlip')).toBe('pairflip');
  expect(parseParameter('noise', 'noise/Matrix.csv')).toBe('noise/Matrix.csv');
});
