import { equalMassBinner, equalWidthBinner, fillBins } from './bins';

describe('equalWidthBinner', () => {
  it.each([1, 2, 7, 10, 15, 20, 30, 100])('%d bins: every edge opens its own bin, in both types', (bins) => {
    for (const single of [false, true]) {
      const { indexOf, edges } = equalWidthBinner(bins, single);
      expect(edges).toHaveLength(bins + 1);
      for (let k = 0; k < bins; k++) {
        const edge = single ? Math.fround(k / bins) : k / bins;
        expect(indexOf(edge)).toBe(k);
        expect(indexOf((k + 0.5) / bins)).toBe(k);
      }
      expect(indexOf(1)).toBe(bins - 1);
    }
  });

  it('a float32 value that rounds to 0.7 opens the eighth of ten bins, though it is below 0.7 in float64', () => {
    const value = Math.fround(0.7);
    expect(value).toBeLessThan(0.7);
    expect(equalWidthBinner(10, true).indexOf(value)).toBe(7);
    expect(equalWidthBinner(10, false).indexOf(value)).toBe(6);
  });

  it('takes a float32 softmax output that exceeds 1 by rounding', () => {
    expect(equalWidthBinner(15, true).indexOf(1.0000001)).toBe(14);
  });
});

describe('equalMassBinner', () => {
  it('shares distinct confidences out evenly', () => {
    const confidences = Array.from({ length: 60 }, (_, i) => i / 60);
    const { indexOf } = equalMassBinner(confidences, 15);
    const counts = new Array<number>(15).fill(0);
    for (const confidence of confidences) counts[indexOf(confidence)]!++;
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
  });

  it('interpolates quantiles and keeps what lies on an edge in the lower bin', () => {
    const { edges, indexOf } = equalMassBinner([0.1, 0.2, 0.3, 0.4, 0.5], 2);
    expect(Array.from(edges)).toEqual([0.1, 0.3, 0.5]);
    expect([0.1, 0.3, 0.31, 0.5].map(indexOf)).toEqual([0, 0, 1, 1]);
    expect(equalMassBinner([0.2, 0.4], 2).edges[1]).toBeCloseTo(0.3, 15);
  });
});

describe('fillBins', () => {
  it('gives counts, means and gaps, and null where a bin is empty', () => {
    const bins = fillBins([0.1, 0.3, 0.9], [false, true, true], 2, 'equal_width');
    expect(bins).toEqual([
      { lower: 0, upper: 0.5, count: 2, confidence: 0.2, accuracy: 0.5, gap: -0.3 },
      { lower: 0.5, upper: 1, count: 1, confidence: 0.9, accuracy: 1, gap: 0.9 - 1 },
    ]);
    expect(fillBins([0.1], [1], 2, 'equal_width')[1]).toEqual({
      lower: 0.5,
      upper: 1,
      count: 0,
      confidence: null,
      accuracy: null,
      gap: null,
    });
  });
});
