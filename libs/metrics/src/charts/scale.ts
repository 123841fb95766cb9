/** Maps data onto picture coordinates, linearly. */
export interface Scale {
  (value: number): number;
  readonly domain: readonly [number, number];
  readonly range: readonly [number, number];
}

/** The linear map that takes the domain's ends to the range's ends. */
export function linearScale(domain: readonly [number, number], range: readonly [number, number]): Scale {
  const slope = (range[1] - range[0]) / (domain[1] - domain[0]);
  return Object.assign((value: number) => range[0] + (value - domain[0]) * slope, { domain, range });
}

/** Round numbers, about `count` of them, within [low, high]. */
export function ticks(low: number, high: number, count = 5): number[] {
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 2.5, 5, 10].find((candidate) => candidate * power >= rough * 0.999) as number;
  const step = factor * power;
  const decimals = Math.max(0, 2 - Math.floor(Math.log10(step)));
  const values: number[] = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + step * 1e-9; k++) {
    values.push(Number((k * step).toFixed(decimals)));
  }
  return values;
}

/** The values' extent with some air around it; a single value gets an interval around itself. */
export function paddedDomain(values: readonly number[], share = 0.08): [number, number] {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const air = high > low ? (high - low) * share : Math.max(Math.abs(low) * 0.1, 0.01);
  return [low - air, high + air];
}

/** A tick's label: as many decimals as its step needs. */
export function tickLabels(values: readonly number[]): string[] {
  const decimals = values.map((value) => value.toFixed(12).replace(/0+$/, '').split('.')[1]?.length ?? 0);
  return values.map((value) => value.toFixed(Math.max(0, ...decimals)));
}

/** The smallest round number that is not below a positive value. */
export function niceMaximum(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const factor = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].find(
    (candidate) => candidate * power >= value - 1e-12,
  ) as number;
  return Number((factor * power).toPrecision(3));
}
