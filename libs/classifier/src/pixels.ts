import { ClassifierError } from './errors';

/** A canvas's picture: RGBA, row by row. */
export interface PixelData {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray | Uint8Array;
}

/**
 * One example: a picture's numbers from 0 to 255, height x width x channels row by row, or a canvas's `ImageData`; for a
 * model of features their values.
 */
export type Example = Float32Array | Uint8Array | Uint8ClampedArray | readonly number[] | PixelData;

/** Weights of red, green and blue in a grey value (ITU-R BT.601, as Pillow's and sharp's). */
const GREY = [0.299, 0.587, 0.114] as const;

/**
 * Writes an example where a model's input begins. Pictures of a canvas lie on white where they are see-through, and become
 * grey for a model of one channel.
 *
 * @param shape of the model's input, without the batch
 * @throws ClassifierError if the example has another size, or values that are no numbers
 */
export function writeExample(
  example: Example,
  shape: readonly number[],
  target: Float32Array,
  start: number,
): void {
  if (isPixelData(example)) writePicture(example, shape, target, start);
  else {
    const size = shape.reduce((product, side) => product * side, 1);
    if (example.length !== size) {
      throw new ClassifierError(
        `The example has ${example.length} numbers, the model takes ${size} (${shape.join('x')}): resize the picture, or give its channels as the model has them.`,
      );
    }
    target.set(example, start);
    // Bytes are finite.
    if (!(example instanceof Uint8Array || example instanceof Uint8ClampedArray))
      checkFinite(target, start, size);
  }
}

function checkFinite(target: Float32Array, start: number, size: number): void {
  for (let i = start; i < start + size; i++) {
    if (!Number.isFinite(target[i]))
      throw new ClassifierError(`The example's number ${i - start} is ${target[i]}: give finite numbers.`);
  }
}

function isPixelData(example: Example): example is PixelData {
  return 'data' in example && 'width' in example;
}

function writePicture(
  { width, height, data }: PixelData,
  shape: readonly number[],
  target: Float32Array,
  start: number,
): void {
  const [rows, columns, channels] = shape;
  if (shape.length !== 3 || (channels !== 1 && channels !== 3)) {
    throw new ClassifierError(`The model takes [${shape}], not pictures of one or three channels.`);
  }
  if (height !== rows || width !== columns) {
    throw new ClassifierError(
      `The picture has ${height}x${width} pixels, the model takes ${rows}x${columns}: resize it.`,
    );
  }
  for (let pixel = 0; pixel < width * height; pixel++) {
    const alpha = data[4 * pixel + 3]! / 255;
    const colours = [0, 1, 2].map((channel) => 255 + alpha * (data[4 * pixel + channel]! - 255));
    if (channels === 3) target.set(colours, start + 3 * pixel);
    else target[start + pixel] = colours.reduce((sum, colour, i) => sum + colour * GREY[i]!, 0);
  }
}
