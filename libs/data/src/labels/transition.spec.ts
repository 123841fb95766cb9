import { specOf } from '../catalogue/catalogue';
import { noiseTransition, transitionOf } from './transition';

const digits = { name: 'mnist', classNames: Array.from('0123456789') };
const likely = (row: readonly number[]) => row.indexOf(1);

it('gives the next class in a pair flip', () => {
  expect(noiseTransition('pairflip', digits).map(likely)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 0]);
});

it('takes digits and things for those that they look like', () => {
  expect(noiseTransition('asymmetric', digits).map(likely)).toEqual([0, 1, 7, 8, 4, 6, 5, 1, 8, 9]);
  const classNames = 'airplane automobile bird cat deer dog frog horse ship truck'.split(' ');
  const things = noiseTransition('asymmetric', { name: 'cifar10', classNames });
  expect(things.map(likely)).toEqual([0, 1, 0, 5, 7, 3, 6, 7, 8, 1]);
});

it('takes a class of CIFAR-100 for the next one of its superclass', () => {
  const { classNames } = specOf('cifar100');
  const to = noiseTransition('asymmetric', { name: 'cifar100', classNames }).map(likely);
  expect(new Set(to).size).toBe(100);
  expect(to.some((target, k) => target === k)).toBe(false);
  expect(classNames[to[classNames.indexOf('whale')]!]).toBe('beaver');
  expect(classNames[to[classNames.indexOf('bicycle')]!]).toBe('bus');
});

it('says where no asymmetric noise is defined', () => {
  expect(() => noiseTransition('asymmetric', { ...digits, name: 'fashion_mnist' })).toThrow(
    'asymmetric noise is defined for mnist, cifar10, cifar100, not for fashion_mnist',
  );
});

const table = (columns: number, ...values: number[]) => ({
  rows: values.length / columns,
  columns,
  values: Float64Array.from(values),
});

it('takes a stochastic matrix', () => {
  expect(transitionOf(table(2, 0.9, 0.1, 0, 1), 2)).toEqual([
    [0.9, 0.1],
    [0, 1],
  ]);
});

it.each([
  [table(2, 0.9, 0.2, 0, 1), 'row 1 sums to 1.1: the probabilities of a row sum to 1'],
  [table(2, 1, 0, -0.5, 1.5), 'row 2 has -0.5: probabilities are from 0 to 1'],
  [table(3, 1, 0, 0), 'it has 1 rows of 3 numbers: 2 rows of 2 are needed'],
])('refuses %j', (matrix, message) => {
  expect(() => transitionOf(matrix, 2)).toThrow(message);
});
