import fc from 'fast-check';
import { ascendingOrder } from './ascending-order';

function expectedOrder(values: ArrayLike<number>): number[] {
  return Array.from({ length: values.length }, (_, i) => i).sort((a, b) => values[a]! - values[b]!);
}

describe('ascendingOrder', () => {
  it('sorts as a comparison does, equal values in the order of the data', () => {
    const value = fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, -0, 0.5, 1));
    fc.assert(
      fc.property(fc.array(value, { maxLength: 60 }), (values) => {
        const double = Float64Array.from(values);
        const single = Float32Array.from(values);
        expect(Array.from(ascendingOrder(double))).toEqual(expectedOrder(double));
        expect(Array.from(ascendingOrder(single))).toEqual(expectedOrder(single));
      }),
    );
  });

  it('tells apart values that differ in their last bit alone', () => {
    const values = Float64Array.of(1, 1 - Number.EPSILON / 2, 1 - Number.EPSILON, 0.5);
    expect(Array.from(ascendingOrder(values))).toEqual([3, 2, 1, 0]);
  });
});
