import { UsageError } from '@label-relaxation/experiments';

const largest = 2 ** 32 - 1;

/** Reads seeds such as "0-9,42". Throws a UsageError that says what is wrong. */
export function parseSeeds(text: string): number[] {
  const seeds = text.split(',').flatMap((part) => {
    const [, from, to] = /^\s*(\d+)\s*(?:-\s*(\d+)\s*)?$/.exec(part) ?? [];
    const first = Number(from);
    const last = Number(to ?? from);
    if (from === undefined || last < first || last > largest || last - first >= 10_000) {
      throw new UsageError(`--seeds ${text} is no list of seeds: write numbers and ranges such as 0-9,42`);
    }
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
  return [...new Set(seeds)].sort((a, b) => a - b);
}

/** Ascending seeds with runs of three and more as ranges: "0-2, 42". */
export function writeSeeds(seeds: readonly number[]): string {
  const parts: string[] = [];
  for (let i = 0; i < seeds.length;) {
    let end = i;
    while (end + 1 < seeds.length && seeds[end + 1] === (seeds[end] as number) + 1) end++;
    if (end - i < 2) end = i;
    parts.push(end === i ? `${seeds[i]}` : `${seeds[i]}-${seeds[end]}`);
    i = end + 1;
  }
  return parts.join(', ');
}
