import type { PixelData } from '@label-relaxation/classifier';
import type { Ink } from './centre-digit';

/** Differences from the paper that are no ink, as a share of the greatest: shadows, and the grain of a photograph. */
const faintest = 0.3;

/**
 * The ink of a photographed or scanned digit, dark on light or light on dark: how much a pixel differs from the paper, which is
 * the median of the picture's edge.
 */
export function inkOf({ width, height, data }: PixelData): Ink {
  const grey = Float32Array.from({ length: width * height }, (_, i) => {
    const [red = 0, green = 0, blue = 0, opacity = 0] = data.subarray(4 * i, 4 * i + 4);
    return 255 + (opacity / 255) * (0.299 * red + 0.587 * green + 0.114 * blue - 255);
  });
  const isEdge = (i: number) =>
    i < width || i >= width * (height - 1) || i % width === 0 || i % width === width - 1;
  const edge = grey.filter((_, i) => isEdge(i)).sort();
  const paper = edge[edge.length >> 1] ?? 0;
  const most = grey.reduce((greatest, value) => Math.max(greatest, Math.abs(value - paper)), 1);
  return {
    width,
    height,
    data: grey.map((value) => {
      const share = Math.abs(value - paper) / most;
      return share < faintest ? 0 : 255 * ((share - faintest) / (1 - faintest));
    }),
  };
}
