/** Sides of MNIST's pictures, and of the box that a digit fills in them. */
const side = 28;
const box = 20;

/** Fainter ink is none. */
const faintest = 32;

/** Ink on paper, row by row: 0 is paper, 255 ink. */
export interface Ink {
  readonly width: number;
  readonly height: number;
  readonly data: ArrayLike<number>;
}

/**
 * A digit as MNIST's makers prepared theirs (LeCun et al. 1998, section III): scaled to fit a box of 20 x 20 pixels, its shape
 * kept, by averages of areas, and moved so that its centre of mass is in the middle of 28 x 28. Null where there is no ink.
 *
 * @returns [28, 28], from 0 to 255
 */
export function centreDigit(ink: Ink): Uint8Array | null {
  const bounds = boundsOf(ink);
  if (bounds === null) return null;
  const { top, left, height, width } = bounds;
  const scale = box / Math.max(height, width);
  const [rows, columns] = [height, width].map((length) => Math.max(1, Math.round(length * scale))) as [
    number,
    number,
  ];
  const across = spans(width, columns);
  const narrow = Float64Array.from({ length: height * columns }, (_, i) => {
    const row = (top + Math.floor(i / columns)) * ink.width + left;
    return weighted(across[i % columns]!, (x) => ink.data[row + x]!);
  });
  const down = spans(height, rows);
  const scaled = Float64Array.from({ length: rows * columns }, (_, i) =>
    weighted(down[Math.floor(i / columns)]!, (y) => narrow[y * columns + (i % columns)]!),
  );
  const [x, y] = centreOfMass(scaled, columns);
  const [fromLeft, fromTop] = [start(x, columns), start(y, rows)];
  const digit = new Uint8Array(side * side);
  scaled.forEach((value, i) => {
    const place = (fromTop + Math.floor(i / columns)) * side + fromLeft + (i % columns);
    digit[place] = Math.round(value);
  });
  return digit;
}

function boundsOf({ width, height, data }: Ink) {
  let [top, left, bottom, right] = [height, width, -1, -1];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (data[y * width + x]! < faintest) continue;
      [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
      [left, right] = [Math.min(left, x), Math.max(right, x)];
    }
  }
  return bottom < 0 ? null : { top, left, height: bottom - top + 1, width: right - left + 1 };
}

interface Span {
  readonly from: number;
  /** What each of the pixels from there on counts; all sum to 1. */
  readonly weights: readonly number[];
}

/** The pixels of a line of `length` that each pixel of a line of `count` covers. */
function spans(length: number, count: number): Span[] {
  const step = length / count;
  return Array.from({ length: count }, (_, i) => {
    const [begin, end] = [i * step, Math.min((i + 1) * step, length)];
    const from = Math.floor(begin);
    const covered = Math.max(1, Math.ceil(end - 1e-9) - from);
    const weights = Array.from(
      { length: covered },
      (_, k) => (Math.min(from + k + 1, end) - Math.max(from + k, begin)) / (end - begin),
    );
    return { from, weights };
  });
}

function weighted({ from, weights }: Span, value: (place: number) => number): number {
  return weights.reduce((sum, weight, k) => sum + weight * value(from + k), 0);
}

/** Column and row of the centre of mass, where a pixel's own is in its middle. */
function centreOfMass(values: Float64Array, columns: number): readonly [x: number, y: number] {
  let [mass, x, y] = [0, 0, 0];
  values.forEach((value, i) => {
    mass += value;
    x += value * ((i % columns) + 0.5);
    y += value * (Math.floor(i / columns) + 0.5);
  });
  return [x / mass, y / mass];
}

/**
 * Where a line of pixels begins whose centre of mass is to be in the middle; nothing of it may be lost. The centres of MNIST's own
 * pictures lie from 14 to 15.
 */
function start(centre: number, length: number): number {
  return Math.min(Math.max(Math.ceil(side / 2 - centre), 0), side - length);
}
