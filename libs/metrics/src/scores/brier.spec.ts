import { brierScore } from './brier';

describe('brierScore', () => {
  it('is twice the binary score of the positive class', () => {
    const positive = [0.1, 0.8, 0.35];
    const labels = [0, 1, 1];
    const binary = positive.reduce((sum, p, i) => sum + (p - labels[i]!) ** 2, 0) / 3;
    expect(
      brierScore(
        positive.flatMap((p) => [1 - p, p]),
        labels,
      ),
    ).toBeCloseTo(2 * binary, 15);
  });

  it('is 1 - 1/K where the model knows nothing', () => {
    expect(brierScore(new Array<number>(40).fill(0.1), [0, 3, 7, 9])).toBeCloseTo(0.9, 15);
  });
});
