import { MetricsError } from '../errors';
import { softmax } from './softmax';

describe('softmax', () => {
  it('sums to one in each row and does not overflow', () => {
    expect(Array.from(softmax([1000, 0, -1000, 3, 3, 3], 3))).toEqual([1, 0, 0, 1 / 3, 1 / 3, 1 / 3]);
  });

  it('does not change when a constant is added to a row', () => {
    const plain = softmax([1, 2, 3], 3);
    softmax([501, 502, 503], 3).forEach((value, k) => expect(value).toBeCloseTo(plain[k]!, 15));
  });

  it('divides the logits by the temperature', () => {
    expect(softmax([Math.log(9), 0], 2, 2)[0]).toBeCloseTo(3 / 4, 15);
  });

  it.each<[() => unknown, RegExp]>([
    [() => softmax([], 2), /logits have 0 values/],
    [() => softmax([1, 2, 3], 2), /logits have 3 values: expected rows of 2 classes/],
    [() => softmax([1, NaN], 2), /logits\[1\] is NaN/],
    [() => softmax([1, Infinity], 2), /logits\[1\] is Infinity/],
    [() => softmax([1, 2], 1), /classes is 1/],
    [() => softmax([1, 2], 2, 0), /temperature is 0: expected a finite number above 0/],
    [() => softmax([1, 2], 2, -1), /temperature is -1/],
    [() => softmax([1, 2], 2, NaN), /temperature is NaN/],
  ])('refuses what it is not defined on (%#)', (call, message) => {
    expect(call).toThrow(MetricsError);
    expect(call).toThrow(message);
  });
});
