const { imul } = Math;

/** The fixture's formula: numbers in [0, 1) from a hash of the name (FNV-1a) and the position (murmur3's last step). */
export function uniform(name: string, size: number): Float64Array {
  let seed = 2166136261;
  for (const byte of Buffer.from(name)) seed = imul(seed ^ byte, 16777619) >>> 0;
  const values = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    let h = (seed + i) >>> 0;
    h = imul(h ^ (h >>> 16), 0x85ebca6b);
    h = imul(h ^ (h >>> 13), 0xc2b2ae35);
    values[i] = ((h ^ (h >>> 16)) >>> 0) / 2 ** 32;
  }
  return values;
}

/** A variable's first values: kernels of the usual variance, offsets that leave most rectifiers open. */
export function initial(name: string, shape: readonly number[]): Float32Array {
  const size = shape.reduce((product, side) => product * side, 1);
  return Float32Array.from(uniform(name, size).map(scaleOf(name, shape)));
}

/** How a variable's first values follow from u: kernels have the usual variance, offsets leave most rectifiers open. */
function scaleOf(name: string, shape: readonly number[]): (u: number) => number {
  switch (name.split('/').at(-1)) {
    case 'kernel': {
      const window = shape.slice(0, -2).reduce((area, side) => area * side, 1);
      const [channelsIn, channelsOut] = shape.slice(-2) as [number, number];
      const limit = Math.sqrt(6 / (window * (channelsIn + channelsOut)));
      return (u) => (2 * u - 1) * limit;
    }
    case 'gamma':
      return (u) => 0.8 + 0.4 * u;
    case 'moving_variance':
      return (u) => 0.5 + u;
    case 'moving_mean':
      return (u) => 0.2 * u - 0.1;
    default:
      return (u) => 1.5 + 0.2 * u;
  }
}

/** Images of 4x4 patches with noise, as bytes. */
export function pixels(
  name: string,
  count: number,
  [height, width, channels]: readonly [number, number, number],
): Uint8Array {
  const patches = uniform(`${name}/patches`, count * 16 * channels);
  return Uint8Array.from(
    uniform(`${name}/noise`, count * height * width * channels).map((noise, i) => {
      const c = i % channels;
      const x = Math.floor(i / channels) % width;
      const y = Math.floor(i / (channels * width)) % height;
      const image = Math.floor(i / (channels * width * height));
      const patch = (image * 4 + Math.floor(y / (height / 4))) * 4 + Math.floor(x / (width / 4));
      return Math.floor((0.75 * (patches[patch * channels + c] as number) + 0.25 * noise) * 256);
    }),
  );
}
