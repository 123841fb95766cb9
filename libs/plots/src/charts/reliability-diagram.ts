import type { Bin, ReliabilityCurve, ReliabilityDiagram } from '@label-relaxation/metrics';
import { PlotsError } from '../errors';
import { axes, diagonal } from '../parts/axes';
import type { Scale } from '../parts/domains';
import { fromZero, linearScale } from '../parts/domains';
import type { Place } from '../parts/marks';
import { band, pathThrough } from '../parts/marks';
import { element, text } from '../svg/element';
import { heading, picture, subheading } from '../svg/picture';
import { ink } from '../svg/theme';

/** What is written around a reliability diagram, and drawn over its bars. */
export interface ReliabilityDiagramOptions {
  readonly title?: string;
  /** Temperature that the logits were divided by; shown when given. */
  readonly temperature?: number;
  /** The smooth curve, with its band where it has one. */
  readonly curve?: ReliabilityCurve;
}

const width = 480;
const height = 638;
const left = 66;
const right = 462;
const top = 92;
const bottom = top + right - left;
const shareTop = bottom + 34;
const shareBottom = shareTop + 66;

function summary({ accuracy, examples }: ReliabilityDiagram, temperature: number | undefined): string[] {
  const parts = [`accuracy ${(accuracy * 100).toFixed(2)} %`];
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
    element('rect', { x, y: 65, width: 13, height: 13, rx: 2, ...look(name) }),
    text(x + 20, 76, label, { ...ink, 'font-size': 13 }),
  ]);
}

type Part = 'accuracy' | 'over' | 'under' | 'share';

/** Underconfidence has a dashed edge, so that the gaps are told apart without colour. */
function look(name: Part) {
  return { 'stroke-dasharray': name === 'under' ? '3 2' : undefined, class: `chart-${name}` };
}

/** A bin's bars: accuracy, the gap to its confidence, and its share of the examples. */
export function bars(bin: Bin, examples: number, x: Scale, y: Scale, share: Scale | null): string {
  const { confidence, accuracy } = bin;
  if (confidence === null || accuracy === null) return '';
  const inset = Math.min(0.75, (x(bin.upper) - x(bin.lower)) / 4);
  const box = { x: x(bin.lower) + inset, width: Math.max(x(bin.upper) - x(bin.lower) - 2 * inset, 1) };
  const bar = (scale: Scale, from: number, to: number, name: Part) =>
    element('rect', { ...box, y: scale(to), height: scale(from) - scale(to), ...look(name) });
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
    bar(y, 0, low, 'accuracy'),
    bar(y, low, high, confidence > accuracy ? 'over' : 'under'),
    ...(share === null ? [] : [bar(share, 0, bin.count / examples, 'share')]),
  );
}

/** The smooth curve over the bars, where there are examples enough to draw it. */
function smooth({ confidence, accuracy, lower, upper }: ReliabilityCurve, x: Scale, y: Scale): string[] {
  const points: Place[] = [];
  const edges: [number, number, number][] = [];
  confidence.forEach((value, i) => {
    const [middle, low, high] = [accuracy, lower, upper].map((values) => values?.[i] ?? null);
    if (typeof middle === 'number') points.push([x(value), y(middle)]);
    if (typeof low === 'number' && typeof high === 'number') edges.push([x(value), y(low), y(high)]);
  });
  if (points.length < 2) return [];
  return [
    ...(edges.length > 1
      ? [element('g', {}, element('title', {}, '95 % bootstrap band'), band(1, edges))]
      : []),
    element('path', {
      d: pathThrough(points),
      fill: 'none',
      'stroke-width': '2.5',
      class: 'chart-curve',
    }),
  ];
}

/**
 * A reliability diagram as a self-contained SVG of 480 x 638: accuracy by bin as bars, the gap between it and the bin's mean
 * confidence, the diagonal of perfect calibration, the share of examples by confidence below, and over it, if given, the
 * smooth curve with its bootstrap band.
 *
 * @throws PlotsError where the diagram has no bins
 */
export function reliabilityDiagramSvg(
  diagram: ReliabilityDiagram,
  { title = 'Reliability diagram', temperature, curve: smoothed }: ReliabilityDiagramOptions = {},
): string {
  const { bins, examples } = diagram;
  if (bins.length === 0) throw new PlotsError('the reliability diagram has no bins: nothing to draw');
  const x = linearScale([0, 1], [left, right]);
  const y = linearScale([0, 1], [bottom, top]);
  const share = linearScale(fromZero(Math.max(...bins.map(({ count }) => count / examples))), [
    shareBottom,
    shareTop,
  ]);
  const error = `ECE ${diagram.ece.toFixed(4)}`;
  const rest = summary(diagram, temperature);
  return picture(width, height, `${title}: ${[error, ...rest].join(', ')}`, [
    heading(left, title, right - left),
    subheading(left, error, rest),
    ...legend(),
    ...axes({ x, y, yLabel: 'Accuracy' }),
    ...axes({ x, y: share, xLabel: 'Confidence', yLabel: 'Share', yTicks: 2 }),
    ...bins.map((bin) => bars(bin, examples, x, y, share)),
    diagonal(x, y),
    ...(smoothed === undefined ? [] : smooth(smoothed, x, y)),
  ]);
}
