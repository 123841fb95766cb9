import fc from 'fast-check';
import { groupByScore } from './isotonic-regression';

const edges = [0, -0, 1e-45, 0.5, 1 - 2 ** -24, 1, 1 + 2 ** -23];
const single = fc.oneof(fc.constantFrom(...edges), fc.float({ min: 0, max: 1, noNaN: true }));
const double = fc.double({ min: 0, max: 1, noNaN: true });
const examplesOf = (score: fc.Arbitrary<number>) => fc.array(fc.tuple(score, fc.nat(1)), { minLength: 1 });

describe('groupByScore', () => {
  it.each([
    ['float32', examplesOf(single)],
    ['float64', examplesOf(fc.oneof(single, double))],
  ])('groups %s scores of equal examples as those of weight 1', (_, examples) => {
    fc.assert(
      fc.property(examples, (all) => {
        const scores = Float64Array.from(all, ([score]) => score);
        const outcomes = Uint8Array.from(all, ([, outcome]) => outcome);
        const ones = new Float64Array(all.length).fill(1);
        const unsigned = ({ scores: grouped, ...rest }: ReturnType<typeof groupByScore>) => ({
          ...rest,
          scores: grouped.map((score) => score + 0),
        });
        expect(unsigned(groupByScore(scores, outcomes, null))).toEqual(
          unsigned(groupByScore(scores, outcomes, ones)),
        );
      }),
      { seed: 1 },
    );
  });
});
