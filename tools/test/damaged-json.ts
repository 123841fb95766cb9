import fc from 'fast-check';

/** What takes the place of a part of a JSON value. */
interface Change {
  readonly which: number;
  /** Undefined takes the part out. */
  readonly value: unknown;
}

/** What happens to a JSON value, as fast-check shows and shrinks it. */
export type JsonDamage = readonly Change[];

const strange: readonly unknown[] = [
  ...[undefined, null, true, '', 'x', '__proto__', 'constructor', '../../../etc/passwd', 'x\ny'],
  ...[-1, 0, 0.5, 1e308, -1e308, 2 ** 53, 2 ** 31, [], {}, [null], [[1]], { length: 1e9 }],
];

/** Damage to a JSON value: parts that are lost, or of another kind or size. */
export const jsonDamage: fc.Arbitrary<JsonDamage> = fc.array(
  fc.record({
    which: fc.nat(),
    value: fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...strange) },
      { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
    ),
  }),
  { minLength: 1, maxLength: 3 },
);

/** The value after the damage. */
export function damagedJson(original: unknown, changes: JsonDamage): unknown {
  const holder = { value: structuredClone(original) };
  for (const { which, value } of changes) {
    const places = placesIn(holder);
    if (places.length === 0) break;
    const [parent, key] = places[which % places.length]!;
    if (value !== undefined) parent[key] = structuredClone(value);
    else if (Array.isArray(parent)) parent.splice(Number(key), 1);
    else delete parent[key];
  }
  return holder.value;
}

type Parent = Record<string, unknown>;

function placesIn(parent: object): [Parent, string][] {
  return Object.entries(parent).flatMap(([key, value]) => [
    [parent as Parent, key] as [Parent, string],
    ...(typeof value === 'object' && value !== null ? placesIn(value) : []),
  ]);
}
