import type { ReliabilityDiagram } from '@label-relaxation/metrics';
import { PlotsError } from '../errors';
import { axes, diagonal } from '../parts/axes';
import { linearScale } from '../parts/domains';
import { legend } from '../parts/legend';
import { curve, marker } from '../parts/marks';
import { heading, picture } from '../svg/picture';

/** A diagram with its name. */
export interface NamedReliabilityDiagram {
  readonly label: string;
  readonly diagram: ReliabilityDiagram;
}

const width = 480;
const left = 66;
const right = 462;

/**
 * Several reliability diagrams over each other as a self-contained SVG: accuracy against mean confidence, bin by bin, with the
 * diagonal of perfect calibration. A marker's area grows with the bin's share of the examples; the legend gives each ECE.
 *
 * @throws PlotsError where no diagram is given
 */
export function reliabilityOverlaySvg(
  diagrams: readonly NamedReliabilityDiagram[],
  { title = 'Reliability' }: { readonly title?: string } = {},
): string {
  if (diagrams.length === 0) throw new PlotsError('no reliability diagrams are given: nothing to draw');
  const labels = diagrams.map(({ label, diagram }) => `${label} (ECE ${diagram.ece.toFixed(4)})`);
  const key = legend(labels, left, 52, right - left, { lines: true });
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
      curve(
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
    ...axes({ x, y, xLabel: 'Mean confidence', yLabel: 'Accuracy' }),
    diagonal(x, y),
    ...series,
  ]);
}
