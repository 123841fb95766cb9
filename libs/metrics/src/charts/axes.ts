import type { Scale } from './scale';
import { tickLabels, ticks } from './scale';
import { element, text } from './svg';
import { ink, muted, palette } from './theme';

/** Where the plot lies in the picture and what its axes say. */
export interface Frame {
  readonly x: Scale;
  readonly y: Scale;
  readonly xLabel?: string;
  readonly yLabel: string;
  readonly xTicks?: readonly number[];
  readonly yTicks?: readonly number[];
}

/** Grid lines, tick labels and axis titles of a plot. */
export function axes({ x, y, xLabel, yLabel, xTicks, yTicks }: Frame): string[] {
  const [left, right] = x.range;
  const [bottom, top] = y.range;
  const xValues = xTicks ?? ticks(...x.domain);
  const yValues = yTicks ?? ticks(...y.domain);
  const xNames = tickLabels(xValues);
  const yNames = tickLabels(yValues);
  const line = { stroke: palette.grid, class: 'chart-grid' };
  const axis = { stroke: palette.axis, class: 'chart-axis' };
  const label = { ...muted, 'font-size': 12 };
  const title = { ...ink, 'font-size': 13, 'text-anchor': 'middle' };
  return [
    ...xValues.map((value) => element('line', { x1: x(value), x2: x(value), y1: bottom, y2: top, ...line })),
    ...yValues.map((value) => element('line', { x1: left, x2: right, y1: y(value), y2: y(value), ...line })),
    element('line', { x1: left, x2: right, y1: bottom, y2: bottom, ...axis }),
    element('line', { x1: left, x2: left, y1: bottom, y2: top, ...axis }),
    ...xValues.map((value, i) =>
      text(x(value), bottom + 17, xNames[i] as string, { ...label, 'text-anchor': 'middle' }),
    ),
    ...yValues.map((value, i) =>
      text(left - 8, y(value) + 4, yNames[i] as string, { ...label, 'text-anchor': 'end' }),
    ),
    ...(xLabel === undefined ? [] : [text((left + right) / 2, bottom + 38, xLabel, title)]),
    text(0, 0, yLabel, {
      ...title,
      transform: `translate(${left - 50} ${(bottom + top) / 2}) rotate(-90)`,
    }),
  ];
}

/** The dashed line of perfect calibration, from (0, 0) to (1, 1). */
export function diagonal(x: Scale, y: Scale): string {
  return element('line', {
    x1: x(0),
    y1: y(0),
    x2: x(1),
    y2: y(1),
    stroke: palette.ink,
    'stroke-width': '1.5',
    'stroke-dasharray': '6 4',
    class: 'chart-diagonal',
  });
}
