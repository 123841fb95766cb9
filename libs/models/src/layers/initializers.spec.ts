import { kernelInitializer } from './initializers';

const draw = (name: 'glorot_uniform' | 'he_normal', shape: number[], seed = 3, stream = 1): number[] => [
  ...kernelInitializer(name, seed, stream).apply(shape).dataSync(),
];

it('glorot_uniform fills the interval of its fans', () => {
  const values = draw('glorot_uniform', [3, 3, 16, 32]);
  const limit = Math.sqrt(6 / (9 * 16 + 9 * 32));
  expect(Math.max(...values)).toBeLessThan(limit);
  expect(Math.max(...values)).toBeGreaterThan(0.99 * limit);
  expect(Math.min(...values)).toBeLessThan(-0.99 * limit);
  expect(Math.abs(mean(values))).toBeLessThan(0.03 * limit);
});

it('he_normal has the variance 2 / fan in, cut off at two deviations', () => {
  const values = draw('he_normal', [3, 3, 32, 64]);
  const variance = 2 / (9 * 32);
  expect(mean(values.map((v) => v * v)) / variance).toBeCloseTo(1, 1);
  expect(Math.max(...values)).toBeLessThan((2 * Math.sqrt(variance)) / 0.8796);
});

it('depends on seed and stream alone', () => {
  const first = draw('he_normal', [5, 5], 0, 0);
  expect(draw('he_normal', [5, 5], 0, 0)).toEqual(first);
  expect(draw('he_normal', [5, 5], 0, 1)).not.toEqual(first);
  expect(draw('he_normal', [5, 5], 1, 0)).not.toEqual(first);
});

it('draws 15 million weights in well under two seconds of processor time', () => {
  const start = process.cpuUsage();
  kernelInitializer('glorot_uniform', 0, 0).apply([150_000, 100]).dispose();
  const { user, system } = process.cpuUsage(start);
  expect((user + system) / 1e6).toBeLessThan(2);
});

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
