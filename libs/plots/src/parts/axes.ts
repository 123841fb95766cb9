import { element, text } from '../svg/element';
import { ink, muted } from '../svg/theme';
import type { Scale } from './domains';

/** Where the plot lies in the picture and what its axes say. */
export interface Frame {
  readonly x: Scale;
  readonly y: Scale;
  readonly xLabel?: string;
  readonly yLabel?: string;
  /** About how many ticks an axis has. */
  readonly xTicks?: number;
  readonly yTicks?: number;
}

/** Grid lines, tick labels and axis titles of a plot. */
export function axes({ x, y, xLabel, yLabel, xTicks = 5, yTicks = 5 }: Frame): string[] {
  const [left, right] = x.range() as [number, number];
  const [bottom, top] = y.range() as [number, number];
  const [xName, yName] = [x.tickFormat(xTicks), y.tickFormat(yTicks)];
  const line = { class: 'chart-grid' };
  const axis = { class: 'chart-axis' };
  const label = { ...muted, 'font-size': 12 };
  const title = { ...ink, 'font-size': 13, 'text-anchor': 'middle' };
  return [
    ...x
      .ticks(xTicks)
      .map((value) => element('line', { x1: x(value), x2: x(value), y1: bottom, y2: top, ...line })),
    ...y
      .ticks(yTicks)
      .map((value) => element('line', { x1: left, x2: right, y1: y(value), y2: y(value), ...line })),
    element('line', { x1: left, x2: right, y1: bottom, y2: bottom, ...axis }),
    element('line', { x1: left, x2: left, y1: bottom, y2: top, ...axis }),
    ...x
      .ticks(xTicks)
      .map((value) => text(x(value), bottom + 17, xName(value), { ...label, 'text-anchor': 'middle' })),
    ...y
      .ticks(yTicks)
      .map((value) => text(left - 8, y(value) + 4, yName(value), { ...label, 'text-anchor': 'end' })),
    ...(xLabel === undefined ? [] : [text((left + right) / 2, bottom + 38, xLabel, title)]),
    ...(yLabel === undefined
      ? []
      : [
          text(0, 0, yLabel, {
            ...title,
            transform: `translate(${left - 50} ${(bottom + top) / 2}) rotate(-90)`,
          }),
        ]),
  ];
}

/** The dashed line of perfect calibration, from (0, 0) to (1, 1). */
export function diagonal(x: Scale, y: Scale): string {
  return element('line', {
    x1: x(0),
    y1: y(0),
    x2: x(1),
    y2: y(1),
    'stroke-width': '1.5',
    'stroke-dasharray': '6 4',
    class: 'chart-diagonal',
  });
}
