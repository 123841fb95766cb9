/**
 * Differences of scores that are of order 1, to 12 decimals: what floating-point arithmetic leaves of equal scores (0.1 + 0.2 - 0.3)
 * becomes zero, and equal differences tie.
 */
export function roundDifferences(differences: readonly number[]): number[] {
  return differences.map((difference) => Number(difference.toFixed(12)));
}
