/** Whether tests are to try for hours: `npm test -- --long`. */
export const isLong = process.env['LABEL_RELAXATION_LONG_TESTS'] === '1';

/** jest's `it` for tests that take minutes, or show again with whole programs what shorter ones show. */
export function whenLong<It extends { readonly skip: It }>(it: It): It {
  return isLong ? it : it.skip;
}

/** How often a test tries something: in each `npm test`, and with `--long`. */
export function tries(short: number, long: number): number {
  return isLong ? long : short;
}

/** Says what a long test found in figures, for a note to report. */
export function figures(what: string, values: object): void {
  if (isLong) process.stderr.write(`${what}: ${JSON.stringify(values)}\n`);
}
