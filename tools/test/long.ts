/** Whether tests are to try for hours: `npm test -- --long`. */
export const isLong = process.env['LABEL_RELAXATION_LONG_TESTS'] === '1';

/** How often a test tries something: in each `npm test`, and with `--long`. */
export function tries(short: number, long: number): number {
  return isLong ? long : short;
}
