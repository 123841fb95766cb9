/** Colours by class, on light and on dark paper; either set falls or rises evenly in lightness where order matters. */
const fills = {
  'chart-paper': ['#ffffff', '#18202b'],
  'chart-ink': ['#1f2933', '#e6ebf2'],
  'chart-muted': ['#5b6776', '#9aa8ba'],
  'chart-accuracy': ['#2f6db5', '#5b9be3'],
  'chart-over': ['#f2a38c', '#b5573d'],
  'chart-under': ['#dbe9f8', '#22364f'],
  'chart-share': ['#8fa3ba', '#64788f'],
} as const;

const strokes = {
  'chart-grid': ['#e4e8ee', '#2b3644'],
  'chart-axis': ['#9aa5b4', '#64748b'],
  'chart-diagonal': ['#1f2933', '#cbd5e1'],
  'chart-curve': ['#1f2933', '#e6ebf2'],
  'chart-over': ['#b8492c', '#f08c6e'],
  'chart-under': ['#2f6db5', '#5b9be3'],
  'chart-marker': ['#ffffff', '#18202b'],
} as const;

/** Colours of series in order; they stay apart for colour-blind readers, and markers and dashes differ as well. */
const series = [
  ['#2f6db5', '#6fa8ea'],
  ['#d9480f', '#ff8a65'],
  ['#2a8a62', '#5fd0a0'],
  ['#9a6f16', '#e0b34f'],
  ['#8a5bb8', '#bb92e6'],
  ['#2c859c', '#6fcbe0'],
  ['#c2477f', '#f07fae'],
  ['#64748b', '#a3b1c6'],
] as const;

/** Colours of a height, from none to much; lightness alone tells them apart. */
const heights = [
  ['#f7fbff', '#141b25'],
  ['#dfebf7', '#17293f'],
  ['#c8dcf0', '#1a3859'],
  ['#a6cbe7', '#1f4873'],
  ['#7db6dc', '#2a5c8d'],
  ['#549ccd', '#3a74a8'],
  ['#3382be', '#5590c3'],
  ['#1a66aa', '#7cacd8'],
  ['#0b4a8d', '#a8c9e8'],
  ['#08306b', '#d6e6f6'],
] as const;

/** How many steps a height has. */
export const heightSteps = heights.length;

const dashes = [undefined, '8 4', '2 3', '10 3 2 3', '5 2', '12 4', '1 3', '6 2 1 2'] as const;

/** The style of every picture: what its classes look like on light paper, and on dark where the reader's system is. */
export const style = `${rules(0)}@media (prefers-color-scheme:dark){${rules(1)}}`;

function rules(paper: 0 | 1): string {
  const rule = (selector: string, look: string) => `.${selector}{${look}}`;
  return [
    ...Object.entries(fills).map(([name, colours]) => rule(name, `fill:${colours[paper]}`)),
    ...Object.entries(strokes).map(([name, colours]) => rule(name, `stroke:${colours[paper]}`)),
    ...series.flatMap((colours, i) => [
      rule(`chart-series-${i}`, `fill:${colours[paper]}`),
      rule(`chart-line.chart-series-${i}`, `fill:none;stroke:${colours[paper]}`),
    ]),
    ...heights.map((colours, i) =>
      rule(`chart-height-${i}`, `fill:${colours[paper]};stroke:${colours[paper]}`),
    ),
  ].join('');
}

/** Class of a series by its place. */
export function seriesClass(index: number): string {
  return `chart-series-${index % series.length}`;
}

/** Line dash of a series by its place; none for the first. */
export function seriesDash(index: number): string | undefined {
  return dashes[index % dashes.length];
}

/** Fill of running text. */
export const ink = { class: 'chart-ink' } as const;

/** Fill of secondary text. */
export const muted = { class: 'chart-muted' } as const;
