import { OnnxError } from '../errors';
import type { Graph, Value } from '../graph/graph';
import type { Application } from '../network/network';

/** Adds what a layer computes to the graph. */
export type Convert = (application: Application, inputs: readonly Value[], graph: Graph) => Value;

/** A layer's setting; `otherwise` where it isn't saved. */
export function setting<T>({ config }: Application, name: string, otherwise: T): T {
  return (config[name] as T | null | undefined) ?? otherwise;
}

/** A setting of one number for each side, saved as such or as one for both. */
export function sides(application: Application, name: string, otherwise: number): [number, number] {
  const value = setting<number | readonly number[]>(application, name, otherwise);
  const [rows, columns] = typeof value === 'number' ? [value, value] : value;
  return [rows!, columns ?? rows!];
}

/**
 * Checks that a layer is applied to images with the channels last.
 *
 * @returns height, width and channels
 */
export function imageShape(application: Application, { shape }: Value): [number, number, number] {
  const format = setting(application, 'data_format', 'channels_last').replace(
    'channelsLast',
    'channels_last',
  );
  if (format !== 'channels_last') refuse(application, `its data_format is ${format}, not channels_last`);
  if (shape.length !== 3) refuse(application, `it is applied to [${shape}], not to images`);
  return shape as [number, number, number];
}

/** @throws OnnxError that names the layer and what cannot be exported */
export function refuse({ layer, type }: Application, why: string): never {
  throw new OnnxError(
    `The layer ${layer} (${type}) cannot be exported to ONNX: ${why}. Put another layer in its place, or export to tfjs or saved_model.`,
  );
}

/** What pads one side of an image for a window, as TensorFlow does. */
export function padded(
  padding: string,
  size: number,
  window: number,
  stride: number,
): { before: number; after: number; output: number } {
  if (padding !== 'same') {
    return { before: 0, after: 0, output: Math.max(0, Math.ceil((size - window + 1) / stride)) };
  }
  const output = Math.ceil(size / stride);
  const total = Math.max(0, (output - 1) * stride + window - size);
  const before = Math.floor(total / 2);
  return { before, after: total - before, output };
}
