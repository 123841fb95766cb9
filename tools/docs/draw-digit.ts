import type { Page } from 'playwright-core';

/** Strokes from the left (0) to the right (1) and from the top down, of what may be a 4 or a 9. */
const strokes = [
  [
    [0.497, 0.22],
    [0.429, 0.24],
    [0.34, 0.36],
    [0.38, 0.46],
    [0.5, 0.48],
    [0.62, 0.42],
  ],
  [
    [0.66, 0.2],
    [0.64, 0.4],
    [0.62, 0.6],
    [0.58, 0.82],
  ],
] as const;

/** Draws a doubtful digit on the demo's pad with the mouse, and waits for what the runs say of it. */
export async function drawDigit(page: Page): Promise<void> {
  const { x, y, width } = (await page.locator('#pad').boundingBox())!;
  const go = ([across, down]: readonly [number, number], steps: number) =>
    page.mouse.move(x + across * width, y + down * width, { steps });
  for (const [first, ...rest] of strokes) {
    await go(first, 1);
    await page.mouse.down();
    for (const point of rest) await go(point, 6);
    await page.mouse.up();
  }
  await page.mouse.move(0, 0);
  await page.waitForFunction(() =>
    [...document.querySelectorAll('.spoken')].every((one) => one.textContent !== ''),
  );
}
