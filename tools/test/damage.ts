import fc from 'fast-check';

/** Where in some bytes: so far from the beginning, so far from the end, or such a share of the way. */
type Place =
  | { readonly from: 'start' | 'end'; readonly bytes: number }
  | { readonly from: 'share'; readonly share: number };

/** One thing that happens to bytes. */
type Edit =
  | { readonly kind: 'flip'; readonly at: Place; readonly bit: number }
  | { readonly kind: 'set'; readonly at: Place; readonly hex: string }
  | { readonly kind: 'cut'; readonly at: Place }
  | { readonly kind: 'remove' | 'repeat'; readonly at: Place; readonly length: number }
  | { readonly kind: 'insert'; readonly at: Place; readonly hex: string }
  | { readonly kind: 'number'; readonly which: number; readonly text: string };

/** What happens to some bytes, as fast-check shows and shrinks it. */
export type Damage = readonly Edit[];

const place: fc.Arbitrary<Place> = fc.oneof(
  fc.record({ from: fc.constantFrom('start' as const, 'end' as const), bytes: fc.nat(96) }),
  fc.record({ from: fc.constant('share' as const), share: fc.double({ min: 0, max: 1, noNaN: true }) }),
);

/** Bytes that fields are prone to be read wrongly as: zeros, ones, the largest numbers of either order. */
const extremes = [
  ...['00', '01', '7f', '80', 'ff', '0a', '22', '2c', '0000', 'ffff', '00000000', 'ffffffff', '7fffffff'],
  ...['80000000', '00000080', 'ffffff7f', '00000040', '40000000', 'ffffffffffffffff', 'ffffffffffffff7f'],
];

/** Numbers as texts that fields of texts are prone to be read wrongly as. */
const numerals = [
  '0',
  '-1',
  '1e309',
  '1e-309',
  '99999999999999999999',
  '4294967296',
  '9007199254740993',
  'NaN',
  '',
];

const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({ kind: fc.constant('flip' as const), at: place, bit: fc.nat(7) }),
  fc.record({ kind: fc.constant('set' as const), at: place, hex: fc.constantFrom(...extremes) }),
  fc.record({ kind: fc.constant('cut' as const), at: place }),
  fc.record({ kind: fc.constantFrom('remove' as const, 'repeat' as const), at: place, length: fc.nat(300) }),
  fc.record({ kind: fc.constant('insert' as const), at: place, hex: fc.constantFrom(...extremes) }),
  fc.record({
    kind: fc.constant('number' as const),
    which: fc.nat(1000),
    text: fc.constantFrom(...numerals),
  }),
);

/** Damage to a file: bits that flip, fields that become extreme, parts that are cut off, lost, doubled or strange. */
export const damage: fc.Arbitrary<Damage> = fc.array(edit, { minLength: 1, maxLength: 3 });

/** The bytes after the damage. */
export function damaged(bytes: Uint8Array, edits: Damage): Buffer {
  return edits.reduce(apply, Buffer.from(bytes));
}

function apply(bytes: Buffer, change: Edit): Buffer {
  if (change.kind === 'number') return withNumeral(bytes, change);
  const at = positionOf(change.at, bytes.length);
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
  switch (change.kind) {
    case 'flip':
      return Buffer.concat([
        before,
        Buffer.from(after.subarray(0, 1)).map((byte) => byte ^ (1 << change.bit)),
        after.subarray(1),
      ]);
    case 'set':
      return Buffer.concat([before, Buffer.from(change.hex, 'hex'), after.subarray(change.hex.length / 2)]);
    case 'cut':
      return before;
    case 'remove':
      return Buffer.concat([before, after.subarray(change.length)]);
    case 'repeat':
      return Buffer.concat([before, after.subarray(0, change.length), after]);
    case 'insert':
      return Buffer.concat([before, Buffer.from(change.hex, 'hex'), after]);
  }
}

function positionOf(where: Place, length: number): number {
  if (where.from === 'share') return Math.floor(where.share * length);
  return where.from === 'start' ? Math.min(where.bytes, length) : Math.max(0, length - where.bytes);
}

/** Puts another number in the place of one that stands in the bytes as a text. */
function withNumeral(bytes: Buffer, { which, text }: Edit & { kind: 'number' }): Buffer {
  const source = bytes.toString('latin1');
  const found = [...source.matchAll(/-?\d+(\.\d+)?/gu)];
  if (found.length === 0) return bytes;
  const { index, 0: old } = found[which % found.length]!;
  return Buffer.from(`${source.slice(0, index)}${text}${source.slice(index + old.length)}`, 'latin1');
}
