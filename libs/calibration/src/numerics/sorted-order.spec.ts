import fc from 'fast-check';
import { sortedOrder } from './sorted-order';

describe('sortedOrder', () => {
  it('sorts any numbers, equal ones in their order', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.double({ noNaN: true }), fc.constantFrom(0, 1, 0.5, -1))), (list) => {
        const values = Float64Array.from(list, (value) => value + 0);
        const expected = list.map((_, i) => i).sort((a, b) => values[a]! - values[b]! || a - b);
        expect(Array.from(sortedOrder(values))).toEqual(expected);
      }),
    );
  });

  it('sorts thousands', () => {
    const values = Float64Array.from({ length: 5000 }, (_, i) => Math.sin(i * i));
    const sorted = Array.from(sortedOrder(values), (i) => values[i]);
    expect(sorted).toEqual(Array.from(values).sort((a, b) => a - b));
  });
});
