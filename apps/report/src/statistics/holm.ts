/**
 * Holm's step-down adjustment (1979) of p-values that belong to one family of comparisons: rejecting those below a level keeps
 * the chance of any false rejection below it. Entries that are null (no test was possible) stay null and do not count.
 */
export function holm(pValues: readonly (number | null)[]): (number | null)[] {
  const tested = pValues
    .map((p, index) => ({ p, index }))
    .filter((entry): entry is { p: number; index: number } => entry.p !== null)
    .sort((a, b) => a.p - b.p);
  const adjusted = new Array<number | null>(pValues.length).fill(null);
  let highest = 0;
  tested.forEach(({ p, index }, rank) => {
    highest = Math.max(highest, Math.min(1, p * (tested.length - rank)));
    adjusted[index] = highest;
  });
  return adjusted;
}
