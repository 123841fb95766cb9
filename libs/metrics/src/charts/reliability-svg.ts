import { MetricsError } from '../errors';
import type { ReliabilityDiagram } from '../reliability-diagram';
import { axes } from './axes';
import { linearScale, ticks } from './scale';
import { element, text } from './svg';
import { palette, picture } from './theme';

/** What is written around a reliability diagram. */
export interface ReliabilityDiagramSvgOptions {
  readonly title?: string;
  /** Temperature that the logits were divided by; shown when given. */
  readonly temperature?: number;
}

const width = 480;
const height = 600;
const left = 66;
const right = 460;
const plotTop = 64;
const plotBottom = 430;
const histogramTop = 484;
const histogramBottom = 556;
const fifths = [0, 0.2, 0.4, 0.6, 0.8, 1];

function summary({ ece, accuracy, examples }: ReliabilityDiagram, temperature: number | undefined): string {
  const parts = [`ECE ${ece.toFixed(4)}`, `accuracy ${(accuracy * 100).toFixed(2)} %`];
  if (temperature !== undefined) parts.push(`T = ${Number(temperature.toFixed(3))}`);
  parts.push(`n = ${examples.toLocaleString('en-US')}`);
  return parts.join('   ·   ');
}

/**
 * A reliability diagram as a self-contained SVG of 480 x 600: accuracy by bin as bars, the gap up or down to the bin's mean
 * confidence, the diagonal of perfect calibration, and the share of examples by confidence below.
 *
 * @throws MetricsError where the diagram has no bins
 */
export function reliabilityDiagramSvg(
  diagram: ReliabilityDiagram,
  { title = 'Reliability diagram', temperature }: ReliabilityDiagramSvgOptions = {},
): string {
  if (diagram.bins.length === 0)
    throw new MetricsError('the reliability diagram has no bins: nothing to draw');
  const x = linearScale([0, 1], [left, right]);
  const y = linearScale([0, 1], [plotBottom, plotTop]);
  const largest = Math.max(...diagram.bins.map((bin) => bin.count / diagram.examples));
  const share = linearScale([0, largest], [histogramBottom, histogramTop]);
  const bars: string[] = [];
  const counts: string[] = [];
  for (const { lower, upper, count, accuracy, confidence } of diagram.bins) {
    if (count === 0 || accuracy === null || confidence === null) continue;
    const inset = Math.min(0.75, (x(upper) - x(lower)) / 4);
    const box = { x: x(lower) + inset, width: Math.max(x(upper) - x(lower) - 2 * inset, 1) };
    const name = element(
      'title',
      {},
      `confidence ${confidence.toFixed(4)}, accuracy ${accuracy.toFixed(4)}, ${count} of ${diagram.examples} examples`,
    );
    const high = Math.max(accuracy, confidence);
    const low = Math.min(accuracy, confidence);
    bars.push(
      element(
        'g',
        {},
        name,
        element('rect', {
          ...box,
          y: y(accuracy),
          height: plotBottom - y(accuracy),
          fill: palette.accuracy,
          class: 'chart-accuracy',
        }),
        element('rect', {
          ...box,
          y: y(high),
          height: y(low) - y(high),
          fill: palette.gap,
          'fill-opacity': '0.45',
          stroke: palette.gap,
          class: 'chart-gap',
        }),
      ),
    );
    const size = share(count / diagram.examples);
    counts.push(
      element(
        'rect',
        {
          ...box,
          y: size,
          height: histogramBottom - size,
          fill: palette.histogram,
          class: 'chart-histogram',
        },
        name,
      ),
    );
  }
  const legend = [
    element('rect', {
      x: left + 14,
      y: plotTop + 12,
      width: 12,
      height: 12,
      fill: palette.accuracy,
      class: 'chart-accuracy',
    }),
    text(left + 33, plotTop + 22.5, 'Accuracy', { 'font-size': 13, fill: palette.ink, class: 'chart-ink' }),
    element('rect', {
      x: left + 14,
      y: plotTop + 32,
      width: 12,
      height: 12,
      fill: palette.gap,
      'fill-opacity': '0.45',
      stroke: palette.gap,
      class: 'chart-gap',
    }),
    text(left + 33, plotTop + 42.5, 'Gap to mean confidence', {
      'font-size': 13,
      fill: palette.ink,
      class: 'chart-ink',
    }),
  ];
  return picture(width, height, `${title}: ${summary(diagram, temperature)}`, [
    text(left, 28, title, { 'font-size': 17, 'font-weight': 600, fill: palette.ink, class: 'chart-ink' }),
    text(left, 49, summary(diagram, temperature), {
      'font-size': 13,
      fill: palette.muted,
      class: 'chart-muted',
      'xml:space': 'preserve',
    }),
    ...axes({ x, y, xLabel: '', yLabel: 'Accuracy', xTicks: fifths, yTicks: fifths }),
    ...bars,
    element('line', {
      x1: x(0),
      y1: y(0),
      x2: x(1),
      y2: y(1),
      stroke: palette.ink,
      'stroke-width': '1.5',
      'stroke-dasharray': '6 4',
      class: 'chart-diagonal',
    }),
    ...legend,
    ...axes({
      x,
      y: share,
      xLabel: 'Confidence',
      yLabel: 'Share',
      xTicks: fifths,
      yTicks: ticks(0, largest, 2),
    }),
    ...counts,
  ]);
}
