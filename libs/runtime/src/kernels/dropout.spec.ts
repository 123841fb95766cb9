import { withRandomStep } from '../random-step';
import { tf } from '../tensorflow';
import { dropout } from './dropout';

const x = tf.range(1, 10_001, 1, 'float32');
const drop = (seed: number, step: number, layer: number, rate = 0.3) =>
  withRandomStep(tf.tensor1d([seed, step], 'int32'), () => [...dropout(x, rate, layer).dataSync()]);

it('drops about its rate and scales the rest', () => {
  const values = drop(1, 2, 0);
  const kept = values.filter((value) => value !== 0).length;
  expect(Math.abs(kept / 10_000 - 0.7)).toBeLessThan(0.02);
  values.forEach((value, i) => {
    if (value !== 0) expect(Math.abs(value / ((i + 1) / 0.7) - 1)).toBeLessThan(1e-6);
  });
});

it('is a function of seed, step and layer', () => {
  expect(drop(0, 0, 0)).toEqual(drop(0, 0, 0));
  const others = [drop(1, 0, 0), drop(0, 1, 0), drop(0, 0, 1)];
  for (const other of others) {
    const agreeing = drop(0, 0, 0).filter((value, i) => (value === 0) === (other[i] === 0)).length;
    expect(Math.abs(agreeing / 10_000 - 0.58)).toBeLessThan(0.03);
  }
});

it('gives the gradient of its own mask', () => {
  const [value, gradient] = withRandomStep(tf.tensor1d([5, 6], 'int32'), () => {
    const { value, grad } = tf.valueAndGrad((input) => dropout(input, 0.5, 3).sum())(tf.ones([1000]));
    return [value.arraySync() as number, grad];
  });
  expect(gradient.sum().arraySync()).toBe(value);
  expect(new Set(gradient.dataSync())).toEqual(new Set([0, 2]));
});

it('does nothing at rate 0, even outside of a step', () => {
  expect(dropout(x, 0, 0)).toBe(x);
  expect(() => dropout(x, 0.5, 0)).toThrow('withRandomStep');
});
