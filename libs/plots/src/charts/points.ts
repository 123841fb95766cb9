import { PlotsError } from '../errors';
import { axes } from '../parts/axes';
import { linearScale, paddedDomain } from '../parts/domains';
import { legend } from '../parts/legend';
import { band, curve, marker } from '../parts/marks';
import { element } from '../svg/element';
import { heading, picture } from '../svg/picture';
import { seriesClass } from '../svg/theme';

/** A point of a chart, with its spread (a standard deviation, say) along either axis. */
export interface ChartPoint {
  readonly x: number;
  readonly y: number;
  readonly xSpread?: number;
  readonly ySpread?: number;
  /** Shown when the pointer rests on it. */
  readonly label?: string;
}

/** Points of one colour and marker. */
export interface ChartSeries {
  readonly label: string;
  readonly points: readonly ChartPoint[];
  /** Further points, drawn small and pale: the single runs behind a mean. */
  readonly background?: readonly ChartPoint[];
}

/** What is written around a chart. */
export interface ChartOptions {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
}

/** Ends of the axes, where they are not those of the points. */
export interface Domains {
  readonly x?: readonly [number, number];
  readonly y?: readonly [number, number];
}

const width = 480;
const left = 76;
const right = 462;
const plotHeight = 340;

/** Lines of more points than these have no markers. */
const mostMarkers = 40;

function checkSeries(series: readonly ChartSeries[], title: string): void {
  const points = series.flatMap((one) => [...one.points, ...(one.background ?? [])]);
  if (points.length === 0) throw new PlotsError(`the chart "${title}" has no points: nothing to draw`);
  for (const { x, y, xSpread = 0, ySpread = 0 } of points) {
    if (![x, y, xSpread, ySpread].every(Number.isFinite)) {
      throw new PlotsError(`the chart "${title}" has a point at (${x}, ${y}): every value must be finite`);
    }
  }
}

interface Look {
  readonly lines: boolean;
  readonly markers: boolean;
}

function layout(
  series: readonly ChartSeries[],
  { title, xLabel, yLabel }: ChartOptions,
  look: Look,
  domains: Domains = {},
) {
  checkSeries(series, title);
  const labels = series.map(({ label }) => label);
  const key = legend(labels, left, 52, right - left, look);
  const top = key.bottom + 22;
  const bottom = top + plotHeight;
  const points = series.flatMap((one) => [...one.points, ...(one.background ?? [])]);
  const ends = (value: 'x' | 'y', spread: 'xSpread' | 'ySpread') =>
    domains[value] ??
    paddedDomain(
      points.flatMap((point) => [point[value] - (point[spread] ?? 0), point[value] + (point[spread] ?? 0)]),
    );
  const x = linearScale(ends('x', 'xSpread'), [left, right]);
  const y = linearScale(ends('y', 'ySpread'), [bottom, top]);
  const content = [heading(left, title, right - left), ...key.content, ...axes({ x, y, xLabel, yLabel })];
  return { x, y, content, height: bottom + 52 };
}

/**
 * Points of several series as a self-contained SVG, with bars for their spreads: accuracy against ECE, say.
 *
 * @throws PlotsError where there is no point or one is not finite
 */
export function scatterSvg(series: readonly ChartSeries[], options: ChartOptions): string {
  const { x, y, content, height } = layout(series, options, { lines: false, markers: true });
  const marks = series.flatMap(({ label, points, background = [] }, index) => {
    const stroke = { 'stroke-width': '1.5', class: `${seriesClass(index)} chart-line` };
    return [
      ...background.map((point) => marker(index, x(point.x), y(point.y), 3.5, 0.4, point.label ?? label)),
      ...points.flatMap(({ x: px, y: py, xSpread = 0, ySpread = 0, label: name }) => [
        ...(xSpread > 0
          ? [element('line', { x1: x(px - xSpread), x2: x(px + xSpread), y1: y(py), y2: y(py), ...stroke })]
          : []),
        ...(ySpread > 0
          ? [element('line', { x1: x(px), x2: x(px), y1: y(py - ySpread), y2: y(py + ySpread), ...stroke })]
          : []),
        marker(index, x(px), y(py), 6.5, 1, name ?? label),
      ]),
    ];
  });
  return picture(width, height, `${options.title}: ${options.yLabel} against ${options.xLabel}`, [
    ...content,
    ...marks,
  ]);
}

/**
 * Lines of several series, each with a band of its spread, as a self-contained SVG: ECE over alpha, say. Points are joined in
 * the order of x.
 *
 * @throws PlotsError where there is no point or one is not finite
 */
export function lineChartSvg(
  series: readonly ChartSeries[],
  options: ChartOptions,
  domains: Domains = {},
): string {
  const markers = series.every(({ points }) => points.length <= mostMarkers);
  const { x, y, content, height } = layout(series, options, { lines: true, markers }, domains);
  const marks = series.flatMap(({ label, points, background = [] }, index) => {
    const ordered = [...points].sort((a, b) => a.x - b.x);
    const edges = ordered.map(
      (point) => [x(point.x), y(point.y - (point.ySpread ?? 0)), y(point.y + (point.ySpread ?? 0))] as const,
    );
    return [
      ...(ordered.some((point) => (point.ySpread ?? 0) > 0) ? [band(index, edges)] : []),
      ...background.map((point) => marker(index, x(point.x), y(point.y), 2.5, 0.4, point.label ?? label)),
      curve(
        index,
        ordered.map((point) => [x(point.x), y(point.y)]),
      ),
      ...(markers
        ? ordered.map((point) => marker(index, x(point.x), y(point.y), 4.5, 1, point.label ?? label))
        : []),
    ];
  });
  return picture(width, height, `${options.title}: ${options.yLabel} over ${options.xLabel}`, [
    ...content,
    ...marks,
  ]);
}
