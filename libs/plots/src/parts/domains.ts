import type { ScaleLinear } from 'victory-vendor/d3-scale';
import { scaleLinear } from 'victory-vendor/d3-scale';

/** A linear map from values to coordinates. */
export type Scale = ScaleLinear<number, number>;

/** The linear map that takes the domain's ends to the range's ends. */
export function linearScale(domain: readonly [number, number], range: readonly [number, number]): Scale {
  return scaleLinear(domain, range);
}

/** The values' extent with some air around it; a single value gets an interval around itself. */
export function paddedDomain(values: readonly number[], share = 0.08): [number, number] {
  const low = values.reduce((least, value) => Math.min(least, value), Infinity);
  const high = values.reduce((most, value) => Math.max(most, value), -Infinity);
  const air = high > low ? (high - low) * share : Math.max(Math.abs(low) * 0.1, 0.01);
  return [low - air, high + air];
}

/** From 0 to the first round number that is not below a positive value. */
export function fromZero(value: number): [number, number] {
  return linearScale([0, value], [0, 1]).nice(5).domain() as [number, number];
}
