import { MetricsError } from '../errors';
import { axes } from './axes';
import { legend, marker, polyline } from './marks';
import { linearScale, paddedDomain } from './scale';
import { coordinate, element } from './svg';
import { heading, picture, seriesClass, seriesColour } from './theme';

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

const width = 480;
const left = 76;
const right = 462;
const plotHeight = 340;

function checkSeries(series: readonly ChartSeries[], title: string): void {
  const points = series.flatMap((one) => [...one.points, ...(one.background ?? [])]);
  if (points.length === 0) throw new MetricsError(`the chart "${title}" has no points: nothing to draw`);
  for (const { x, y, xSpread = 0, ySpread = 0 } of points) {
    if (![x, y, xSpread, ySpread].every(Number.isFinite)) {
      throw new MetricsError(`the chart "${title}" has a point at (${x}, ${y}): every value must be finite`);
    }
  }
}

function layout(series: readonly ChartSeries[], { title, xLabel, yLabel }: ChartOptions, withLines: boolean) {
  checkSeries(series, title);
  const key = legend(
    series.map(({ label }) => label),
    left,
    52,
    right - left,
    withLines,
  );
  const top = key.bottom + 22;
  const bottom = top + plotHeight;
  const points = series.flatMap((one) => [...one.points, ...(one.background ?? [])]);
  const x = linearScale(
    paddedDomain(points.flatMap((point) => [point.x - (point.xSpread ?? 0), point.x + (point.xSpread ?? 0)])),
    [left, right],
  );
  const y = linearScale(
    paddedDomain(points.flatMap((point) => [point.y - (point.ySpread ?? 0), point.y + (point.ySpread ?? 0)])),
    [bottom, top],
  );
  const content = [heading(left, title, right - left), ...key.content, ...axes({ x, y, xLabel, yLabel })];
  return { x, y, content, height: bottom + 52 };
}

/**
 * Points of several series as a self-contained SVG, with bars for their spreads: accuracy against ECE, say.
 *
 * @throws MetricsError where there is no point or one is not finite
 */
export function scatterSvg(series: readonly ChartSeries[], options: ChartOptions): string {
  const { x, y, content, height } = layout(series, options, false);
  const marks = series.flatMap(({ label, points, background = [] }, index) => {
    const stroke = {
      stroke: seriesColour(index),
      'stroke-width': '1.5',
      class: `${seriesClass(index)} chart-line`,
    };
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
 * @throws MetricsError where there is no point or one is not finite
 */
export function lineChartSvg(series: readonly ChartSeries[], options: ChartOptions): string {
  const { x, y, content, height } = layout(series, options, true);
  const marks = series.flatMap(({ label, points, background = [] }, index) => {
    const ordered = [...points].sort((a, b) => a.x - b.x);
    const edge = (sign: number) =>
      ordered.map((point) => [x(point.x), y(point.y + sign * (point.ySpread ?? 0))] as const);
    const band = [...edge(1), ...edge(-1).reverse()];
    return [
      ...(ordered.some((point) => (point.ySpread ?? 0) > 0)
        ? [
            element('polygon', {
              points: band.map(([px, py]) => `${coordinate(px)},${coordinate(py)}`).join(' '),
              fill: seriesColour(index),
              'fill-opacity': '0.15',
              class: seriesClass(index),
            }),
          ]
        : []),
      ...background.map((point) => marker(index, x(point.x), y(point.y), 2.5, 0.4, point.label ?? label)),
      polyline(
        index,
        ordered.map((point) => [x(point.x), y(point.y)]),
      ),
      ...ordered.map((point) => marker(index, x(point.x), y(point.y), 4.5, 1, point.label ?? label)),
    ];
  });
  return picture(width, height, `${options.title}: ${options.yLabel} over ${options.xLabel}`, [
    ...content,
    ...marks,
  ]);
}
