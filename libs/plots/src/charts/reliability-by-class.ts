import { PlotsError } from '../errors';
import { diagonal } from '../parts/axes';
import { linearScale } from '../parts/domains';
import { element, text } from '../svg/element';
import { heading, picture, shortened, subheading } from '../svg/picture';
import { ink, muted } from '../svg/theme';
import { bars } from './reliability-diagram';
import type { NamedReliabilityDiagram } from './reliability-overlay';

const columns = 4;
const size = 136;
const gap = 24;
const left = 24;
const first = 92;

/** Most diagrams that are drawn: more are too small to read. */
const most = 20;

/**
 * A small reliability diagram for each class as a self-contained SVG: how often the class is right, by its own probability. Of
 * more than 20 classes those with the largest error are drawn, and the picture says so.
 *
 * @throws PlotsError where no diagram is given
 */
export function reliabilityByClassSvg(
  diagrams: readonly NamedReliabilityDiagram[],
  { title = 'Reliability by class' }: { readonly title?: string } = {},
): string {
  if (diagrams.length === 0) throw new PlotsError('no reliability diagrams are given: nothing to draw');
  const shown =
    diagrams.length <= most
      ? diagrams
      : [...diagrams].sort((a, b) => b.diagram.ece - a.diagram.ece).slice(0, most);
  const cells = shown.flatMap(({ label, diagram }, i) => {
    const x0 = left + (i % columns) * (size + gap);
    const y0 = first + Math.floor(i / columns) * (size + gap + 26);
    const x = linearScale([0, 1], [x0, x0 + size]);
    const y = linearScale([0, 1], [y0 + size, y0]);
    return [
      text(x0, y0 - 8, shortened(label, 12), { ...ink, 'font-size': 13, 'font-weight': 600 }),
      text(x0 + size, y0 - 8, diagram.ece.toFixed(4), { ...muted, 'font-size': 12, 'text-anchor': 'end' }),
      element('line', { x1: x0, x2: x0 + size, y1: y0 + size, y2: y0 + size, class: 'chart-axis' }),
      element('line', { x1: x0, x2: x0, y1: y0, y2: y0 + size, class: 'chart-axis' }),
      ...diagram.bins.map((bin) => bars(bin, diagram.examples, x, y, null)),
      diagonal(x, y),
    ];
  });
  const rows = Math.ceil(shown.length / columns);
  const width = 2 * left + columns * size + (columns - 1) * gap;
  const note =
    shown.length < diagrams.length
      ? [`the ${most} of ${diagrams.length} classes with the largest error`]
      : [];
  return picture(
    width,
    first + rows * (size + gap + 26) - 14,
    `${title}, with the calibration error of each`,
    [
      heading(left, title, width - 2 * left),
      subheading(left, 'Share that is right over probability, and the calibration error', note),
      ...cells,
    ],
  );
}
