import { coordinate, element, escapeText, text } from './svg';
import { ink, palette, seriesClass, seriesColour, seriesDash } from './theme';

/** A point of a series; the shape tells the series apart without its colour. */
export function marker(
  series: number,
  x: number,
  y: number,
  radius: number,
  opacity = 1,
  name?: string,
): string {
  const look = {
    fill: seriesColour(series),
    'fill-opacity': opacity === 1 ? undefined : String(opacity),
    stroke: palette.paper,
    'stroke-width': '1',
    class: `${seriesClass(series)} chart-marker`,
  };
  const children = name === undefined ? [] : [element('title', {}, escapeText(name))];
  const corners = (points: readonly (readonly [number, number])[]) =>
    element(
      'polygon',
      {
        points: points
          .map(([dx, dy]) => `${coordinate(x + dx * radius)},${coordinate(y + dy * radius)}`)
          .join(' '),
        ...look,
      },
      ...children,
    );
  switch (series % 4) {
    case 0:
      return element('circle', { cx: x, cy: y, r: radius, ...look }, ...children);
    case 1:
      return corners([
        [-0.9, -0.9],
        [0.9, -0.9],
        [0.9, 0.9],
        [-0.9, 0.9],
      ]);
    case 2:
      return corners([
        [0, -1.2],
        [1.1, 0.8],
        [-1.1, 0.8],
      ]);
    default:
      return corners([
        [0, -1.3],
        [1.3, 0],
        [0, 1.3],
        [-1.3, 0],
      ]);
  }
}

/** The line of a series through points in picture coordinates. */
export function polyline(series: number, points: readonly (readonly [number, number])[], width = 2): string {
  return element('polyline', {
    points: points.map(([x, y]) => `${coordinate(x)},${coordinate(y)}`).join(' '),
    fill: 'none',
    stroke: seriesColour(series),
    'stroke-width': String(width),
    'stroke-dasharray': seriesDash(series),
    'stroke-linejoin': 'round',
    class: `${seriesClass(series)} chart-line`,
  });
}

/** Names of series in rows below the heading, and the y at which the rows end. */
export function legend(
  labels: readonly string[],
  left: number,
  top: number,
  width: number,
  withLines: boolean,
): { readonly content: string[]; readonly bottom: number } {
  const content: string[] = [];
  const swatch = withLines ? 30 : 14;
  let x = left;
  let y = top;
  labels.forEach((label, series) => {
    const size = swatch + 8 + label.length * 7 + 18;
    if (x > left && x + size > left + width) {
      x = left;
      y += 20;
    }
    if (withLines)
      content.push(
        polyline(series, [
          [x, y],
          [x + swatch, y],
        ]),
      );
    content.push(
      marker(series, x + swatch / 2, y, 4.5),
      text(x + swatch + 8, y + 4.5, label, { ...ink, 'font-size': 13 }),
    );
    x += size;
  });
  return { content, bottom: y };
}
