import { fixture } from '../../test/fixture';
import { DataError } from '../errors';
import { batches } from './batches';

const examples = Int32Array.from({ length: 257 }, (_, i) => i);

function sizes(all: Iterable<Int32Array>): number[] {
  return Array.from(all, (batch) => batch.length);
}

function flat(all: Iterable<Int32Array>): number[] {
  return Array.from(all, (batch) => [...batch]).flat();
}

describe('batches', () => {
  it('cuts the examples in the order given, the last batch smaller', () => {
    const cut = batches(Int32Array.of(5, 3, 9, 1, 7), 2);
    expect(Array.from(cut, (batch) => [...batch])).toEqual([[5, 3], [9, 1], [7]]);
    expect(sizes(batches(examples, 64))).toEqual([64, 64, 64, 64, 1]);
    expect(sizes(batches(examples, 257))).toEqual([257]);
    expect(sizes(batches(examples, 1_000))).toEqual([257]);
    expect(sizes(batches(new Int32Array(0), 64))).toEqual([]);
  });

  it('copies nothing when in order, and one list of numbers when shuffled', () => {
    expect([...batches(examples, 64)].every((batch) => batch.buffer === examples.buffer)).toBe(true);
    const shuffled = [...batches(examples, 64, { seed: 0, epoch: 0 })];
    expect(new Set(shuffled.map((batch) => batch.buffer)).size).toBe(1);
    expect(shuffled[0]!.buffer).not.toBe(examples.buffer);
  });

  it("shuffles as numpy's RandomState([seed, epoch]) does, and leaves the examples as they are", () => {
    const { shuffles } = fixture<{ shuffles: { seed: unknown; size: number; values: number[] }[] }>(
      'mersenne-twister.json',
    );
    const expected = shuffles.find(({ seed, size }) => String(seed) === '42,3' && size === 257)!;
    expect(flat(batches(examples, 64, { seed: 42, epoch: 3 }))).toEqual(expected.values);
    expect([...examples]).toEqual([...examples].sort((a, b) => a - b));
  });

  it('draws the same order for the same seed and epoch, whatever was drawn before', () => {
    const first = flat(batches(examples, 64, { seed: 1, epoch: 5 }));
    flat(batches(examples, 64, { seed: 1, epoch: 4 }));
    const again = batches(examples, 10, { seed: 1, epoch: 5 });
    expect(flat(again)).toEqual(first);
    expect(flat(again)).toEqual(first);
  });

  it('draws other orders for other seeds and epochs', () => {
    const orders = [
      { seed: 0, epoch: 0 },
      { seed: 0, epoch: 1 },
      { seed: 1, epoch: 0 },
      { seed: 1, epoch: 1 },
    ].map((order) => String(flat(batches(examples, 64, order))));
    expect(new Set(orders).size).toBe(4);
  });

  it.each([0, -1, 1.5, NaN])('refuses the batch size %d', (size) => {
    expect(() => batches(examples, size)).toThrow(
      `The batch size ${size} cannot be used: give a whole number from 1 on.`,
    );
  });

  it('refuses a seed or an epoch that is no whole number', () => {
    expect(() => batches(examples, 64, { seed: -1, epoch: 0 })).toThrow(DataError);
    expect(() => batches(examples, 64, { seed: 0, epoch: 0.5 })).toThrow(DataError);
  });
});
