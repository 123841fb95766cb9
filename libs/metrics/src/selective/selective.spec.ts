import { randomNumbers } from '../../test/random';
import { augrc, aurc, eAurc } from './areas';
import { coverageAtRisk, riskAtCoverage, riskCoverageCurve } from './risk-coverage';

/** All orders of some numbers. */
function orders(numbers: readonly number[]): number[][] {
  if (numbers.length < 2) return [[...numbers]];
  return numbers.flatMap((first, i) =>
    orders([...numbers.slice(0, i), ...numbers.slice(i + 1)]).map((rest) => [first, ...rest]),
  );
}

/** Means of an area over all orders of the examples that their confidences allow. */
function meanOverOrders(event: readonly number[], outcomes: readonly number[], generalised: boolean): number {
  const n = event.length;
  const allowed = orders(event.map((_, i) => i)).filter((order) =>
    order.every((example, place) => place === 0 || event[order[place - 1]!]! >= event[example]!),
  );
  const areas = allowed.map((order) => {
    let errors = 0;
    return order.reduce((area, example, place) => {
      errors += 1 - outcomes[example]!;
      return area + errors / (generalised ? n : place + 1) / n;
    }, 0);
  });
  return areas.reduce((sum, area) => sum + area, 0) / areas.length;
}

describe('areas under risk-coverage curves', () => {
  it('are the mean over the orders of ties, by going through them all', () => {
    const random = randomNumbers(3);
    for (let round = 0; round < 25; round++) {
      const size = 1 + Math.floor(random() * 6);
      const event = Array.from({ length: size }, () => Math.floor(random() * 3) / 2);
      const outcomes = event.map(() => (random() < 0.6 ? 1 : 0));
      expect(aurc({ event }, outcomes)).toBeCloseTo(meanOverOrders(event, outcomes, false), 12);
      expect(augrc({ event }, outcomes)).toBeCloseTo(meanOverOrders(event, outcomes, true), 12);
      const best = meanOverOrders([...outcomes], outcomes, false);
      expect(eAurc({ event }, outcomes)).toBeCloseTo(aurc({ event }, outcomes) - best, 12);
    }
  });

  it('of nothing but ties are those of a random order', () => {
    const event = new Array<number>(8).fill(0.7);
    expect(aurc({ event }, [1, 1, 0, 1, 0, 1, 1, 1])).toBeCloseTo(0.25, 12);
    expect(augrc({ event }, [1, 1, 0, 1, 0, 1, 1, 1])).toBeCloseTo((0.25 * 9) / 16, 12);
  });

  it('are 0 without errors, and the excess is 0 in the best order', () => {
    expect(aurc({ event: [0.5, 0.9] }, [1, 1])).toBe(0);
    expect(augrc({ event: [0.5, 0.9] }, [1, 1])).toBe(0);
    expect(eAurc({ event: [0.1, 0.9, 0.8, 0.2] }, [0, 1, 1, 0])).toBe(0);
  });
});

describe('riskAtCoverage', () => {
  const event = [0.9, 0.8, 0.7, 0.7, 0.7, 0.1];
  const outcomes = [1, 0, 1, 0, 1, 0];

  it('is the error rate of the most confident examples', () => {
    expect(riskAtCoverage({ event }, outcomes, { coverage: 1 / 6 })).toBe(0);
    expect(riskAtCoverage({ event }, outcomes, { coverage: 0.3 })).toBe(0.5);
    expect(riskAtCoverage({ event }, outcomes, { coverage: 1 })).toBe(0.5);
    expect(riskAtCoverage({ event }, outcomes, { coverage: 0 })).toBe(0);
  });

  it('takes a tie in part', () => {
    expect(riskAtCoverage({ event }, outcomes, { coverage: 0.5 })).toBeCloseTo((1 + 1 / 3) / 3, 12);
  });

  it('does not take one example more for a rounding', () => {
    const many = Array.from({ length: 100 }, (_, i) => 1 - i / 100);
    const wrongAfterSeven = many.map((_, i) => (i < 7 ? 1 : 0));
    expect(0.07 * 100).toBeGreaterThan(7);
    expect(riskAtCoverage({ event: many }, wrongAfterSeven, { coverage: 0.07 })).toBe(0);
  });

  it('refuses a coverage that is no share', () => {
    expect(() => riskAtCoverage({ event }, outcomes, { coverage: 80 })).toThrow(
      'coverage is 80: expected a number',
    );
  });
});

describe('coverageAtRisk', () => {
  it('is the largest coverage at which the risk is low enough, also beyond one where it is not', () => {
    const event = [0.9, 0.8, 0.7, 0.6];
    expect(coverageAtRisk({ event }, [1, 0, 1, 1], { risk: 0.25 })).toBe(1);
    expect(coverageAtRisk({ event }, [1, 0, 1, 1], { risk: 0.2 })).toBe(0.25);
    expect(coverageAtRisk({ event }, [0, 1, 1, 1], { risk: 0.1 })).toBe(0);
    expect(coverageAtRisk({ event }, [0, 0, 0, 0], { risk: 1 })).toBe(1);
  });

  it('counts the risk of a part of a tie as that of the whole', () => {
    const event = [0.9, 0.5, 0.5];
    expect(coverageAtRisk({ event }, [1, 1, 0], { risk: 0.25 })).toBeCloseTo(2 / 3, 12);
    expect(coverageAtRisk({ event }, [1, 1, 0], { risk: 0.24 })).toBeCloseTo(1 / 3, 12);
  });
});

it('riskCoverageCurve has a point for each confidence', () => {
  expect(riskCoverageCurve({ event: [0.5, 0.9, 0.5, 0.2] }, [1, 1, 0, 0])).toEqual({
    coverages: [0.25, 0.75, 1],
    risks: [0, 1 / 3, 0.5],
    confidences: [0.9, 0.5, 0.2],
  });
});
