import { text } from '../svg/element';
import { shortened } from '../svg/picture';
import { ink } from '../svg/theme';
import { curve, marker } from './marks';

/** What stands for a series in the legend. */
export interface LegendLook {
  readonly lines?: boolean;
  readonly markers?: boolean;
}

/** Names of series in rows below the heading, and the y at which the rows end. */
export function legend(
  labels: readonly string[],
  left: number,
  top: number,
  width: number,
  { lines = false, markers = true }: LegendLook,
): { readonly content: string[]; readonly bottom: number } {
  const content: string[] = [];
  const swatch = lines ? 30 : 14;
  let x = left;
  let y = top;
  labels.forEach((label, series) => {
    const shown = shortened(label, Math.floor((width - swatch - 8) / 7));
    const size = swatch + 8 + shown.length * 7 + 18;
    if (x > left && x + size > left + width) {
      x = left;
      y += 20;
    }
    const ends = [
      [x, y],
      [x + swatch, y],
    ] as const;
    if (lines) content.push(curve(series, ends));
    if (markers) content.push(marker(series, x + swatch / 2, y, 4.5));
    content.push(text(x + swatch + 8, y + 4.5, shown, { ...ink, 'font-size': 13 }));
    x += size;
  });
  return { content, bottom: y };
}
