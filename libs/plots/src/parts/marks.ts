import type { SymbolType } from 'victory-vendor/d3-shape';
import {
  area,
  line,
  symbol,
  symbolCircle,
  symbolCross,
  symbolDiamond,
  symbolSquare,
  symbolStar,
  symbolTriangle,
  symbolWye,
} from 'victory-vendor/d3-shape';
import { coordinate, element, escapeText } from '../svg/element';
import { seriesClass, seriesDash } from '../svg/theme';

/** A point in picture coordinates. */
export type Place = readonly [x: number, y: number];

const shapes: readonly SymbolType[] = [
  symbolCircle,
  symbolSquare,
  symbolTriangle,
  symbolDiamond,
  symbolCross,
  symbolStar,
  symbolWye,
];

const path = line<Place>();

/** Path data with two decimals at most. */
function rounded(data: string | null): string {
  return (data ?? '').replace(/-?\d+\.\d{3,}(e-\d+)?/g, (number) => coordinate(Number(number)));
}

/** The path data of straight lines from place to place. */
export function pathThrough(places: readonly Place[]): string {
  return rounded(path([...places]));
}

const between = area<readonly [x: number, low: number, high: number]>()
  .x(([x]) => x)
  .y0(([, low]) => low)
  .y1(([, , high]) => high);

/** A point of a series; the shape tells the series apart without its colour. */
export function marker(
  series: number,
  x: number,
  y: number,
  radius: number,
  opacity = 1,
  name?: string,
): string {
  const shape = symbol(shapes[series % shapes.length], Math.PI * radius ** 2);
  return element(
    'path',
    {
      d: rounded(shape()),
      transform: `translate(${coordinate(x)} ${coordinate(y)})`,
      'fill-opacity': opacity === 1 ? undefined : String(opacity),
      class: `${seriesClass(series)} chart-marker`,
    },
    ...(name === undefined ? [] : [element('title', {}, escapeText(name))]),
  );
}

/** The line of a series. */
export function curve(series: number, places: readonly Place[], width = 2): string {
  return element('path', {
    d: pathThrough(places),
    'stroke-width': String(width),
    'stroke-dasharray': seriesDash(series),
    'stroke-linejoin': 'round',
    class: `${seriesClass(series)} chart-line`,
  });
}

/** The pale area between two lines of a series, given as x, low and high. */
export function band(
  series: number,
  edges: readonly (readonly [x: number, low: number, high: number])[],
): string {
  return element('path', {
    d: rounded(between([...edges])),
    'fill-opacity': '0.18',
    class: seriesClass(series),
  });
}
