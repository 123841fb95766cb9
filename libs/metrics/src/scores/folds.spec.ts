import { stratifiedFolds } from './folds';

describe('stratifiedFolds', () => {
  const labels = Array.from({ length: 53 }, (_, i) => [0, 0, 0, 1, 2][i % 5]!);

  it('shares examples and classes out as evenly as it goes', () => {
    const folds = stratifiedFolds(labels, 4, 1);
    for (const counted of [null, 0, 1, 2]) {
      const sizes = [0, 0, 0, 0];
      folds.forEach((fold, i) => {
        if (counted === null || labels[i] === counted) sizes[fold]!++;
      });
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    }
  });

  it('follows from the seed', () => {
    expect(stratifiedFolds(labels, 4, 1)).toEqual(stratifiedFolds(labels, 4, 1));
    expect(stratifiedFolds(labels, 4, 1)).not.toEqual(stratifiedFolds(labels, 4, 2));
  });

  it.each([1, 54, 2.5])('refuses %d folds of 53 examples', (folds) => {
    expect(() => stratifiedFolds(labels, folds, 0)).toThrow(
      `folds is ${folds}: expected a whole number from 2 to 53`,
    );
  });
});
