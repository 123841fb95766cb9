import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { holm } from './holm';
import { mean, standardDeviation } from './moments';
import { pairedTTest } from './paired-t-test';
import { wilcoxonSignedRank } from './wilcoxon';

const fixture = JSON.parse(
  readFileSync(join(__dirname, '../../../../tools/fixtures/report/tests.json'), 'utf8'),
) as {
  tests: { differences: number[]; t_test: number; wilcoxon: number }[];
  holm: { p: number[]; adjusted: number[] }[];
};

describe('moments', () => {
  it('divide by n - 1, and have no spread for a single value', () => {
    expect(mean([1, 2, 6])).toBe(3);
    expect(standardDeviation([1, 2, 6])).toBeCloseTo(Math.sqrt(7), 15);
    expect(standardDeviation([1])).toBeNull();
  });
});

describe.each(fixture.tests.map((test, index) => ({ ...test, index, size: test.differences.length })))(
  'set $index of $size pairs',
  ({ differences, t_test, wilcoxon }) => {
    it('paired t-test: SciPy', () => {
      expect((pairedTTest(differences) as number) / t_test).toBeCloseTo(1, 9);
    });

    it("Wilcoxon's test: SciPy, exact or over all sign changes", () => {
      expect((wilcoxonSignedRank(differences) as number) / wilcoxon).toBeCloseTo(1, 9);
    });

    it('both see through the rounding of a subtraction', () => {
      const subtracted = differences.map((difference) => 0.3 + difference - 0.3);
      expect(pairedTTest(subtracted)).toBe(pairedTTest(differences));
      expect(wilcoxonSignedRank(subtracted)).toBe(wilcoxonSignedRank(differences));
    });

    it('neither depends on which of the pair comes first', () => {
      const turned = differences.map((difference) => -difference);
      expect(pairedTTest(turned)).toBe(pairedTTest(differences));
      expect(wilcoxonSignedRank(turned)).toBeCloseTo(wilcoxonSignedRank(differences) as number, 14);
    });
  },
);

describe('tests that are not possible', () => {
  it('are null', () => {
    expect(pairedTTest([])).toBeNull();
    expect(pairedTTest([0.1])).toBeNull();
    expect(pairedTTest([0.1, 0.1, 0.1])).toBeNull();
    expect(pairedTTest([0, 0])).toBeNull();
    expect(wilcoxonSignedRank([])).toBeNull();
    expect(wilcoxonSignedRank([0, 0])).toBeNull();
    expect(wilcoxonSignedRank([0.1 + 0.2 - 0.3])).toBeNull();
    expect(pairedTTest([0.1 + 0.2 - 0.3, 0, 0.3 - 0.2 - 0.1])).toBeNull();
  });
});

describe('holm', () => {
  it.each(fixture.holm)('statsmodels, set %#', ({ p, adjusted }) => {
    holm(p).forEach((value, index) => expect(value).toBeCloseTo(adjusted[index] as number, 14));
  });

  it('leaves out what was not tested', () => {
    expect(holm([0.04, null, 0.03])).toEqual([0.06, null, 0.06]);
    expect(holm([null])).toEqual([null]);
  });
});
