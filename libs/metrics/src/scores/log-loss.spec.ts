import { negativeLogLikelihood } from './log-loss';

describe('negativeLogLikelihood', () => {
  it('is ln K where the model knows nothing', () => {
    expect(negativeLogLikelihood(new Float32Array(30), [0, 5, 9])).toBeCloseTo(Math.log(10), 14);
  });

  it('stays finite and exact at extreme logits', () => {
    expect(negativeLogLikelihood([1e6, 0], [1])).toBe(1e6);
    expect(negativeLogLikelihood([1e6, 0], [0])).toBe(0);
    expect(negativeLogLikelihood([-1e308, 1e308 / 2], [1])).toBe(0);
  });

  it('keeps the digits of a loss far below the spacing of numbers near 1', () => {
    expect(negativeLogLikelihood([40, 0], [0])).toBeCloseTo(Math.exp(-40), 30);
    expect(negativeLogLikelihood([40, 0], [0])).toBeGreaterThan(0);
  });

  it('counts every class that shares the largest logit', () => {
    expect(negativeLogLikelihood([5, 5, 5, -1000], [2])).toBeCloseTo(Math.log(3), 14);
  });

  it('refuses a temperature that is not above 0', () => {
    expect(() => negativeLogLikelihood({ logits: [1, 0] }, [0], { temperature: 0 })).toThrow(
      'temperature is 0',
    );
  });
});
