import { element, escapeText, text } from './svg';

/**
 * Colours on a light background. Each coloured element also has a class of the same name (`chart-ink`, `chart-series-1`, ...),
 * so that a page which holds the SVG inline can recolour it, for a dark theme say.
 */
export const palette = {
  paper: '#ffffff',
  ink: '#1f2933',
  muted: '#5b6776',
  grid: '#e4e8ee',
  axis: '#9aa5b4',
  accuracy: '#2f6db5',
  over: '#f2a38c',
  under: '#a9cbef',
  histogram: '#8fa3ba',
} as const;

/** Colours of series in order; they stay apart for colour-blind readers, and markers and dashes differ as well. */
export const seriesColours = [
  '#2f6db5',
  '#e4572e',
  '#2a9d6f',
  '#b4862b',
  '#8a5bb8',
  '#3f9fb5',
  '#c2477f',
  '#64748b',
] as const;

const dashes = [undefined, '8 4', '2 3', '10 3 2 3', '5 2', '12 4', '1 3', '6 2 1 2'] as const;

const fontFamily = "-apple-system, 'Segoe UI', 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif";

/** Fill of running text. */
export const ink = { fill: palette.ink, class: 'chart-ink' } as const;

/** Fill of secondary text. */
export const muted = { fill: palette.muted, class: 'chart-muted' } as const;

/** Colour of a series by its place. */
export function seriesColour(index: number): string {
  return seriesColours[index % seriesColours.length] as string;
}

/** Line dash of a series by its place; none for the first. */
export function seriesDash(index: number): string | undefined {
  return dashes[index % dashes.length];
}

/** Class of a series by its place, so that a page can recolour it. */
export function seriesClass(index: number): string {
  return `chart-series-${index % seriesColours.length}`;
}

/** A chart's heading, in smaller letters where it would be wider than the given width. */
export function heading(x: number, title: string, width: number): string {
  const size = Math.max(11, Math.min(17, width / (0.61 * title.length)));
  return text(x, 28, title, { ...ink, 'font-size': size, 'font-weight': 600 });
}

/** A whole picture: background, accessible name and the given content. */
export function picture(width: number, height: number, label: string, content: readonly string[]): string {
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: 'img',
      'aria-label': label,
      'font-family': fontFamily,
    },
    element('title', {}, escapeText(label)),
    element('rect', { width, height, fill: palette.paper, class: 'chart-paper' }),
    ...content,
  );
}
