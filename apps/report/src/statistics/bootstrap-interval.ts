import { mean } from './moments';

const draws = 10_000;
const tail = 0.025;

/** Numbers in [0, 1) that are the same each time: a 32-bit mixing of a counter. */
function uniform(): () => number {
  let state = 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
}

/**
 * The 95% percentile bootstrap interval of a mean (Efron 1979): between the 2.5th and the 97.5th percentile of the means of
 * 10,000 resamples, which are the same for the same values. Null for fewer than two.
 */
export function bootstrapInterval(values: readonly number[]): readonly [number, number] | null {
  if (values.length < 2) return null;
  const random = uniform();
  const means = Float64Array.from({ length: draws }, () =>
    mean(values.map(() => values[Math.floor(random() * values.length)] as number)),
  ).sort();
  const place = Math.round(tail * (draws - 1));
  return [means[place] as number, means[draws - 1 - place] as number];
}
