import { PlotsError } from '../errors';
import { marker } from '../parts/marks';
import { coordinate, element, text } from '../svg/element';
import { heading, picture, shortened, subheading } from '../svg/picture';
import { heightSteps, ink, muted } from '../svg/theme';
import type { Triple } from './simplex-grid';
import { stepsOf } from './simplex-grid';
import { regionAtLeast } from './simplex-region';

/** A loss over the simplex. */
export interface SimplexPanel {
  readonly label: string;
  /** A value for each point of `simplexGrid`, at least 0; infinite ones count as the highest. */
  readonly values: ArrayLike<number>;
  /** A distribution to mark: the target, say. */
  readonly target?: Triple;
}

export interface SimplexOptions {
  readonly title?: string;
  /** Written below the title. */
  readonly note?: string;
  /** Names of the corners: above, left, right. */
  readonly corners?: readonly [string, string, string];
}

/** From where on the next shade is: finer where losses are small. */
const thresholds = [0.002, 0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 3] as const;

const side = 240;
const rise = (side * Math.sqrt(3)) / 2;
const gap = 44;
const left = 34;
const top = 118;

function panel({ label, values, target }: SimplexPanel, place: number, corners: readonly string[]): string[] {
  const steps = stepsOf(values.length);
  const finite = Array.from(values, (value) => {
    if (Number.isNaN(value)) throw new PlotsError(`the panel "${label}" has a value that is NaN`);
    return Math.min(value, 1e6);
  });
  const x0 = left + place * (side + gap);
  const base = top + rise;
  const at = (row: number, column: number) =>
    [x0 + (side * (column + row / 2)) / steps, base - (rise * row) / steps] as const;
  const path = (polygon: readonly (readonly [number, number])[]) =>
    `M${polygon.map(([row, column]) => at(row, column).map(coordinate).join(' ')).join('L')}Z`;
  const whole = path([
    [0, 0],
    [0, steps],
    [steps, 0],
  ]);
  const shades = thresholds.flatMap((threshold, k) => {
    const region = regionAtLeast(finite, threshold);
    if (region.length === 0) return [];
    const d = region.map(path).join('');
    return [element('path', { d, 'stroke-width': '0.4', class: `chart-height-${k + 1}` })];
  });
  const [first, second, third] = corners.map((name) => shortened(name, 18)) as [string, string, string];
  const corner = { ...muted, 'font-size': 12 };
  return [
    text(x0 + side / 2, 84, shortened(label, 32), {
      ...ink,
      'font-size': 14,
      'font-weight': 600,
      'text-anchor': 'middle',
    }),
    element('path', { d: whole, class: 'chart-height-0' }),
    ...shades,
    element('path', { d: whole, fill: 'none', class: 'chart-axis' }),
    text(x0 + side / 2, top - 7, first, { ...corner, 'text-anchor': 'middle' }),
    text(x0, base + 18, second, corner),
    text(x0 + side, base + 18, third, { ...corner, 'text-anchor': 'end' }),
    ...(target === undefined
      ? []
      : [marker(1, ...at(target[0] * steps, target[2] * steps), 4.5, 1, `${label}: ${target.join(', ')}`)]),
  ];
}

/** The shades with the losses at which they begin. */
function key(width: number, y: number): string[] {
  const swatch = 44;
  const x0 = (width - swatch * heightSteps) / 2;
  return [
    ...Array.from({ length: heightSteps }, (_, k) =>
      element('rect', { x: x0 + k * swatch, y, width: swatch, height: 12, class: `chart-height-${k}` }),
    ),
    ...['0', ...thresholds.map((value, k) => (k === 0 ? '> 0' : String(value)))].map((name, k) =>
      text(x0 + k * swatch, y + 28, name, {
        ...muted,
        'font-size': 12,
        'text-anchor': 'middle',
      }),
    ),
  ];
}

/**
 * Losses over the probability simplex of three classes beside each other, as a self-contained SVG: a corner is certainty of a
 * class, and the nearer a shade is to the paper's, the smaller the loss there.
 *
 * @throws PlotsError where there is no panel, or its values are no grid or have NaN
 */
export function simplexSvg(
  panels: readonly SimplexPanel[],
  {
    title = 'Loss over the simplex',
    note = 'the shade of the paper is a loss of 0',
    corners = ['observed class', 'second class', 'third class'],
  }: SimplexOptions = {},
): string {
  if (panels.length === 0) throw new PlotsError('no panels are given: nothing to draw');
  const width = Math.max(2 * left + panels.length * side + (panels.length - 1) * gap, 520);
  const end = top + rise;
  return picture(width, end + 92, `${title}: ${panels.map(({ label }) => label).join(', ')}`, [
    heading(left, title, width - 2 * left),
    subheading(left, note),
    ...panels.flatMap((one, i) => panel(one, i, corners)),
    ...key(width, end + 44),
  ]);
}
