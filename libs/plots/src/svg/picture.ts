import { element, escapeText, text } from './element';
import { ink, muted, style } from './theme';

const fontFamily = "-apple-system, 'Segoe UI', 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif";

/** A text that fits: cut with an ellipsis where it has more characters. */
export function shortened(text: string, characters: number): string {
  const all = [...text];
  return all.length <= characters ? text : `${all.slice(0, characters - 1).join('')}…`;
}

/** A chart's heading, in smaller letters where it would be wider than the given width. */
export function heading(x: number, title: string, width: number): string {
  const shown = shortened(title, Math.floor(width / (0.56 * 11)));
  const size = Math.max(11, Math.min(17, width / (0.61 * shown.length)));
  return text(x, 28, shown, { ...ink, 'font-size': size, 'font-weight': 600 });
}

/** A line below the heading: what counts most, and the rest. */
export function subheading(x: number, first: string, rest: readonly string[] = []): string {
  return element(
    'text',
    { x, y: 49, ...muted, 'font-size': 13 },
    element('tspan', { ...ink, 'font-weight': 600 }, escapeText(first)),
    escapeText(rest.map((part) => ` · ${part}`).join('')),
  );
}

/** A whole picture: its style, background, accessible name and the given content. */
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
    element('style', {}, style),
    element('rect', { width, height, class: 'chart-paper' }),
    ...content,
  );
}
