import { MetricsError } from '../errors';
import type { Bin, ReliabilityDiagram } from '../binned/reliability-diagram';
import { axes, diagonal } from './axes';
import type { Scale } from './scale';
import { linearScale, niceMaximum, ticks } from './scale';
import { element, text } from './svg';
import { heading, ink, muted, palette, picture } from './theme';

/** What is written around a reliability diagram. */
export interface ReliabilityDiagramSvgOptions {
  readonly title?: string;
  /** Temperature that the logits were divided by; shown when given. */
  readonly temperature?: number;
}

const width = 480;
const height = 638;
const left = 66;
const right = 462;
const top = 92;
const bottom = top + right - left;
const histogramTop = bottom + 34;
const histogramBottom = histogramTop + 66;
const fifths = [0, 0.2, 0.4, 0.6, 0.8, 1];

function summary({ accuracy, ece, examples }: ReliabilityDiagram, temperature: number | undefined): string[] {
  const parts = [`ECE ${ece.toFixed(4)}`, `accuracy ${(accuracy * 100).toFixed(2)} %`];
  if (temperature !== undefined) parts.push(`T = ${Number(temperature.toFixed(3))}`);
  return [...parts, `n = ${examples.toLocaleString('en-US')}`];
}

function legend(): string[] {
  const entries = [
    ['accuracy', 'Accuracy', 66],
    ['over', 'Overconfident by', 158],
    ['under', 'Underconfident by', 300],
  ] as const;
  return entries.flatMap(([name, label, x]) => [
    element('rect', { x, y: 65, width: 13, height: 13, rx: 2, fill: palette[name], class: `chart-${name}` }),
    text(x + 20, 76, label, { ...ink, 'font-size': 13 }),
  ]);
}

function bar(
  bin: Bin,
  confidence: number,
  accuracy: number,
  examples: number,
  x: Scale,
  y: Scale,
  share: Scale,
): string {
  const inset = Math.min(0.75, (x(bin.upper) - x(bin.lower)) / 4);
  const box = { x: x(bin.lower) + inset, width: Math.max(x(bin.upper) - x(bin.lower) - 2 * inset, 1) };
  const column = (
    scale: Scale,
    from: number,
    to: number,
    name: 'accuracy' | 'over' | 'under' | 'histogram',
  ) =>
    element('rect', {
      ...box,
      y: scale(to),
      height: scale(from) - scale(to),
      fill: palette[name],
      class: `chart-${name}`,
    });
  const low = Math.min(accuracy, confidence);
  const high = Math.max(accuracy, confidence);
  return element(
    'g',
    {},
    element(
      'title',
      {},
      `mean confidence ${confidence.toFixed(4)}, accuracy ${accuracy.toFixed(4)}, ${bin.count} of ${examples} examples`,
    ),
    column(y, 0, low, 'accuracy'),
    column(y, low, high, confidence > accuracy ? 'over' : 'under'),
    column(share, 0, bin.count / examples, 'histogram'),
  );
}

/**
 * A reliability diagram as a self-contained SVG of 480 x 638: accuracy by bin as bars, the gap between it and the bin's mean
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
  const largest = niceMaximum(Math.max(...diagram.bins.map((bin) => bin.count / diagram.examples)));
  const x = linearScale([0, 1], [left, right]);
  const y = linearScale([0, 1], [bottom, top]);
  const share = linearScale([0, largest], [histogramBottom, histogramTop]);
  const [error, ...rest] = summary(diagram, temperature) as [string, ...string[]];
  return picture(width, height, `${title}: ${[error, ...rest].join(', ')}`, [
    heading(left, title, right - left),
    element(
      'text',
      { x: left, y: 49, ...muted, 'font-size': 13 },
      element('tspan', { ...ink, 'font-weight': 600 }, error),
      rest.map((part) => ` · ${part}`).join(''),
    ),
    ...legend(),
    ...axes({ x, y, yLabel: 'Accuracy', xTicks: fifths, yTicks: fifths }),
    ...axes({
      x,
      y: share,
      xLabel: 'Confidence',
      yLabel: 'Share',
      xTicks: fifths,
      yTicks: ticks(0, largest, 2),
    }),
    ...diagram.bins.flatMap((bin) =>
      bin.confidence === null || bin.accuracy === null
        ? []
        : [bar(bin, bin.confidence, bin.accuracy, diagram.examples, x, y, share)],
    ),
    diagonal(x, y),
  ]);
}
