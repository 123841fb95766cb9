import { randomNumbers } from '../../test/random';
import { cosineSums } from './cosine-sums';

it.each([2, 4, 8, 64])('adds up %d + 1 values with the cosines of each frequency', (size) => {
  const random = randomNumbers(size);
  const values = Float64Array.from({ length: size + 1 }, () => random() - 0.5);
  const sums = cosineSums(values);
  expect(sums).toHaveLength(size + 1);
  sums.forEach((sum, k) => {
    const expected = values.reduce(
      (total, value, j) => total + value * Math.cos((Math.PI * k * j) / size),
      0,
    );
    expect(sum).toBeCloseTo(expected, 12);
  });
});
