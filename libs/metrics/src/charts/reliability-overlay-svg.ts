import { MetricsError } from '../errors';
import type { ReliabilityDiagram } from '../binned/reliability-diagram';
import { axes, diagonal } from './axes';
import { legend, marker, polyline } from './marks';
import { linearScale } from './scale';
import { heading, picture } from './theme';

/** One of several diagrams drawn over each other. */
export interface NamedReliabilityDiagram {
  readonly label: string;
  readonly diagram: ReliabilityDiagram;
}

const width = 480;
const left = 66;
const right = 462;
const fifths = [0, 0.2, 0.4, 0.6, 0.8, 1];

/**
 * Several reliability diagrams over each other as a self-contained SVG: accuracy against mean confidence, bin by bin, with the
 * diagonal of perfect calibration. A marker's area grows with the bin's share of the examples; the legend gives each ECE.
 *
 * @throws MetricsError where no diagram is given
 */
export function reliabilityOverlaySvg(
  diagrams: readonly NamedReliabilityDiagram[],
  { title = 'Reliability' }: { readonly title?: string } = {},
): string {
  if (diagrams.length === 0) throw new MetricsError('no reliability diagrams are given: nothing to draw');
  const labels = diagrams.map(({ label, diagram }) => `${label} (ECE ${diagram.ece.toFixed(4)})`);
  const key = legend(labels, left, 52, right - left, true);
  const top = key.bottom + 22;
  const bottom = top + right - left;
  const x = linearScale([0, 1], [left, right]);
  const y = linearScale([0, 1], [bottom, top]);
  const series = diagrams.flatMap(({ label, diagram }, index) => {
    const points = diagram.bins.flatMap((bin) =>
      bin.confidence === null || bin.accuracy === null
        ? []
        : [{ x: x(bin.confidence), y: y(bin.accuracy), count: bin.count }],
    );
    return [
      polyline(
        index,
        points.map((point) => [point.x, point.y]),
      ),
      ...points.map((point) =>
        marker(
          index,
          point.x,
          point.y,
          2.5 + 6 * Math.sqrt(point.count / diagram.examples),
          1,
          `${label}: ${point.count} of ${diagram.examples} examples`,
        ),
      ),
    ];
  });
  return picture(width, bottom + 52, `${title}: ${labels.join(', ')}`, [
    heading(left, title, right - left),
    ...key.content,
    ...axes({ x, y, xLabel: 'Mean confidence', yLabel: 'Accuracy', xTicks: fifths, yTicks: fifths }),
    diagonal(x, y),
    ...series,
  ]);
}
