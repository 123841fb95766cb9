import type { RiskCoverageCurve } from '@label-relaxation/metrics';
import { fromZero } from '../parts/domains';
import type { ChartSeries } from './points';
import { lineChartSvg } from './points';

/** A risk-coverage curve with its name. */
export interface NamedRiskCoverageCurve {
  readonly label: string;
  readonly curve: RiskCoverageCurve;
}

/** Points of a drawn curve: more than the picture has pixels for would only make it large. */
const drawn = 300;

/** Coverages below it, of a few examples each, are left out: one error among them is a rate of a half. */
const least = 0.01;

function series(
  { label, curve: { coverages, risks } }: NamedRiskCoverageCurve,
  place: (coverage: number, risk: number) => { x: number; y: number },
): ChartSeries {
  const points: { x: number; y: number }[] = [];
  let next = least;
  coverages.forEach((coverage, i) => {
    if (coverage < next && i < coverages.length - 1) return;
    points.push(place(coverage, risks[i] as number));
    next = Math.max(next, coverage) + 1 / drawn;
  });
  return { label, points };
}

/**
 * Error rate over coverage, the share of the examples that are decided, the most confident ones first, as a self-contained SVG.
 * Curves begin at a coverage of 1 %.
 *
 * @throws PlotsError where no curve is given
 */
export function riskCoverageSvg(
  curves: readonly NamedRiskCoverageCurve[],
  { title = 'Risk over coverage' }: { readonly title?: string } = {},
): string {
  const lines = curves.map((curve) => series(curve, (x, y) => ({ x, y })));
  const highest = Math.max(0.001, ...lines.flatMap(({ points }) => points.map(({ y }) => y)));
  const options = { title, xLabel: 'Coverage: share that is decided', yLabel: 'Error rate' };
  return lineChartSvg(lines, options, { x: [0, 1], y: fromZero(highest) });
}

/**
 * Accuracy of the rest over the share that is rejected, the least confident ones first, as a self-contained SVG. Curves end where
 * 1 % is left.
 *
 * @throws PlotsError where no curve is given
 */
export function accuracyRejectionSvg(
  curves: readonly NamedRiskCoverageCurve[],
  { title = 'Accuracy over rejected share' }: { readonly title?: string } = {},
): string {
  const lines = curves.map((curve) => series(curve, (x, y) => ({ x: 1 - x, y: 1 - y })));
  const options = { title, xLabel: 'Share that is rejected', yLabel: 'Accuracy of the rest' };
  return lineChartSvg(lines, options, { x: [0, 1] });
}
