import tCdf from '@stdlib/stats-base-dists-t-cdf';
import { roundDifferences } from './differences';
import { mean, standardDeviation } from './moments';

/**
 * Two-sided p-value of Student's paired t-test on the differences of pairs, taken to 12 decimals. Null where the test is not defined: fewer than two
 * pairs, or differences that are all the same (no spread to compare their mean with).
 */
export function pairedTTest(differences: readonly number[]): number | null {
  const rounded = roundDifferences(differences);
  const spread = standardDeviation(rounded);
  if (spread === null) return null;
  const shift = mean(rounded);
  if (spread <= Math.abs(shift) * 1e-12) return null;
  const t = shift / (spread / Math.sqrt(differences.length));
  return 2 * tCdf(-Math.abs(t), differences.length - 1);
}
