import { labelKindOf, possibilitiesOf } from './possibilities';

const rows = (...values: number[]) => Float32Array.from(values);

describe('possibilitiesOf', () => {
  it('makes a class as possible as all that are at most as probable', () => {
    const found = possibilitiesOf(rows(0.5, 0.2, 0.3, 0, 0.1, 0.9), 3);
    [1, 0.2, 0.5, 0, 0.1, 1].forEach((value, i) => expect(found[i]).toBeCloseTo(value, 6));
  });

  it('gives equally probable classes the same possibility, and the most probable ones exactly 1', () => {
    const found = possibilitiesOf(rows(0.1, 0.4, 0.1, 0.4), 4);
    expect(found[1]).toBe(1);
    expect(found[3]).toBe(1);
    expect(found[0]).toBeCloseTo(0.2, 6);
    expect(found[2]).toBe(found[0]);
  });

  it('leaves one-hot rows as they are', () => {
    expect(possibilitiesOf(rows(0, 1, 0, 1, 0, 0), 3)).toEqual(rows(0, 1, 0, 1, 0, 0));
  });
});

describe('labelKindOf', () => {
  it('tells distributions from possibilities', () => {
    expect(labelKindOf(rows(0.5, 0.5, 1, 0), 2)).toBe('distributions');
    expect(labelKindOf(rows(1, 1, 1, 0), 2)).toBe('possibilities');
    expect(labelKindOf(rows(1, 0.3, 0.2, 1), 2)).toBe('possibilities');
  });

  it.each([
    [rows(1, 0, 0.5, 0.2), 'row 2 of the labels sums to 0.7 and its largest number is 0.5'],
    [rows(1, 1, 0.5, 0.5), 'row 2 of the labels sums to 1 and its largest number is 0.5'],
    [rows(1, -1), 'row 1 of the labels has -1: give numbers from 0 to 1'],
    [rows(NaN, 1), 'row 1 of the labels has NaN'],
    [rows(0.9, 0.9), 'row 1 of the labels sums to 1.8 and its largest number is 0.9: give'],
  ])('refuses %j', (values, message) => {
    expect(() => labelKindOf(values, 2)).toThrow(message);
  });
});
