import { PlotsError } from '../errors';
import { axes } from '../parts/axes';
import { fromZero, linearScale } from '../parts/domains';
import { legend } from '../parts/legend';
import { element, text } from '../svg/element';
import { heading, picture } from '../svg/picture';
import { muted, seriesClass } from '../svg/theme';

/** The sizes of a model's prediction sets, one for each example. */
export interface NamedSetSizes {
  readonly label: string;
  readonly sizes: ArrayLike<number>;
}

const width = 480;
const left = 76;
const right = 462;
const plotHeight = 260;

/** Sizes above it share the last place. */
const last = 12;

function shares(sizes: ArrayLike<number>, places: number): number[] {
  const counts = new Array<number>(places).fill(0);
  for (let i = 0; i < sizes.length; i++) counts[Math.min(sizes[i] as number, places - 1)]!++;
  return counts.map((count) => count / sizes.length);
}

/**
 * How large prediction sets are: the share of the examples by the number of classes in their set, as a self-contained SVG.
 *
 * @throws PlotsError where there is no set
 */
export function setSizesSvg(
  models: readonly NamedSetSizes[],
  { title = 'Sizes of prediction sets' }: { readonly title?: string } = {},
): string {
  if (models.length === 0 || models.some(({ sizes }) => sizes.length === 0)) {
    throw new PlotsError(`the chart "${title}" has no prediction sets: nothing to draw`);
  }
  let largest = 1;
  for (const { sizes } of models) {
    for (let i = 0; i < sizes.length; i++) largest = Math.max(largest, sizes[i] as number);
  }
  const places = Math.min(largest, last) + 1;
  const columns = models.map(({ sizes }) => shares(sizes, places));
  const labels = models.map(({ label }) => label);
  const key = legend(labels, left, 52, right - left, {});
  const top = key.bottom + 22;
  const bottom = top + plotHeight;
  const x = linearScale([-0.5, places - 0.5], [left, right]);
  const y = linearScale(fromZero(Math.max(...columns.flat())), [bottom, top]);
  const bar = Math.min(48, ((right - left) / places - 6) / models.length);
  const content = Array.from({ length: places }, (_, size) => {
    const name = size === last && largest > last ? `${size}+` : String(size);
    const rects = columns.map((own, i) => {
      const share = own[size] as number;
      return element(
        'rect',
        {
          x: x(size) + (i - models.length / 2) * bar,
          y: y(share),
          width: bar - 1,
          height: bottom - y(share),
          'fill-opacity': i % 2 === 0 ? undefined : '0.65',
          class: seriesClass(i),
        },
        element('title', {}, `${(share * 100).toFixed(2)} % have ${name}`),
      );
    });
    return [
      ...rects,
      text(x(size), bottom + 17, name, { ...muted, 'font-size': 12, 'text-anchor': 'middle' }),
    ];
  }).flat();
  return picture(width, bottom + 52, `${title}: ${labels.join(', ')}`, [
    heading(left, title, right - left),
    ...key.content,
    ...axes({ x, y, xLabel: 'Classes in the set', yLabel: 'Share of the examples', xTicks: 0 }),
    ...content,
  ]);
}
