/** Cosines and sines of k pi / size for k below size: the roots of unity of a transform of twice that size. */
function rootsOfUnity(size: number): { cosines: Float64Array; sines: Float64Array } {
  const cosines = new Float64Array(size);
  const sines = new Float64Array(size);
  for (let k = 0; k < size; k++) {
    cosines[k] = Math.cos((Math.PI * k) / size);
    sines[k] = -Math.sin((Math.PI * k) / size);
  }
  return { cosines, sines };
}

const known = new Map<number, ReturnType<typeof rootsOfUnity>>();

/**
 * Sum over j of values_j cos(pi k j / m) for each k from 0 to m, m + 1 being the number of values and m a power of two: the
 * discrete cosine transform of type I, which is a Fourier transform of the values and their mirror image.
 */
export function cosineSums(values: Float64Array): Float64Array {
  const half = values.length - 1;
  const size = 2 * half;
  const real = new Float64Array(size);
  const imaginary = new Float64Array(size);
  for (let j = 0; j <= half; j++) {
    const inner = j > 0 && j < half;
    const value = (values[j] as number) / (inner ? 2 : 1);
    real[j] = value;
    if (inner) real[size - j] = value;
  }
  fourierTransform(real, imaginary);
  return real.subarray(0, half + 1);
}

/** Cooley and Tukey's transform in place, for sizes that are powers of two. */
function fourierTransform(real: Float64Array, imaginary: Float64Array): void {
  const size = real.length;
  for (let i = 1, j = 0; i < size; i++) {
    let bit = size >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) {
      swap(real, i, j);
      swap(imaginary, i, j);
    }
  }
  let roots = known.get(size / 2);
  if (roots === undefined) known.set(size / 2, (roots = rootsOfUnity(size / 2)));
  const { cosines, sines } = roots;
  for (let span = 1; span < size; span *= 2) {
    const stride = size / (2 * span);
    for (let start = 0; start < size; start += 2 * span) {
      for (let k = 0; k < span; k++) {
        const cosine = cosines[k * stride] as number;
        const sine = sines[k * stride] as number;
        const upper = start + k;
        const lower = upper + span;
        const lowerReal = real[lower] as number;
        const lowerImaginary = imaginary[lower] as number;
        const turnedReal = lowerReal * cosine - lowerImaginary * sine;
        const turnedImaginary = lowerReal * sine + lowerImaginary * cosine;
        real[lower] = (real[upper] as number) - turnedReal;
        imaginary[lower] = (imaginary[upper] as number) - turnedImaginary;
        real[upper] = (real[upper] as number) + turnedReal;
        imaginary[upper] = (imaginary[upper] as number) + turnedImaginary;
      }
    }
  }
}

function swap(values: Float64Array, i: number, j: number): void {
  const value = values[i] as number;
  values[i] = values[j] as number;
  values[j] = value;
}
