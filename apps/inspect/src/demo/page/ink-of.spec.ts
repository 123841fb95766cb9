import { inkOf } from './ink-of';

/** A sheet of 5 x 4 pixels of one grey, with a pixel of another. */
function sheet(paper: number, ink: number, opacity = 255) {
  const data = Uint8ClampedArray.from({ length: 80 }, (_, i) => (i % 4 === 3 ? opacity : paper));
  data.set([ink, ink, ink, 255], 4 * 7);
  return { width: 5, height: 4, data };
}

describe('inkOf', () => {
  it.each([
    ['dark on light', sheet(230, 20)],
    ['light on dark', sheet(10, 240)],
    ['on nothing', sheet(0, 0, 0)],
  ])('takes a digit %s', (_, picture) => {
    const { data } = inkOf(picture);
    expect([...(data as Float32Array)].flatMap((value, i) => (value > 0 ? [[i, value]] : []))).toEqual([
      [7, 255],
    ]);
  });

  it('takes shadows for paper, and an even sheet for one without ink', () => {
    const shaded = sheet(200, 20);
    shaded.data.set([160, 160, 160], 4 * 8);
    expect(inkOf(shaded).data[8]).toBe(0);
    expect(Math.max(...(inkOf(sheet(200, 200)).data as Float32Array))).toBe(0);
  });
});
