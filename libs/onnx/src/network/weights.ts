import { OnnxError } from '../errors';

/** A layer's weight: its shape as tfjs has it and its numbers in row-major order. */
export interface Weight {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** What tfjs says of a saved weight. */
export interface WeightSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly quantization?: unknown;
}

/**
 * A saved network's weights by their names (`layer/kernel`).
 *
 * @throws OnnxError if a weight isn't plain float32, or the data don't hold what the specs say
 */
export function readWeights(
  specs: readonly WeightSpec[],
  data: ArrayBuffer | readonly ArrayBuffer[],
): ReadonlyMap<string, Weight> {
  const bytes = joined(data);
  const weights = new Map<string, Weight>();
  let offset = 0;
  for (const { name, shape, dtype, quantization } of specs) {
    if (dtype !== 'float32' || quantization !== undefined) {
      throw new OnnxError(
        `The weight ${name} is ${quantization ? 'quantised' : dtype}: save the network in plain float32.`,
      );
    }
    const size = 4 * shape.reduce((product, side) => product * side, 1);
    if (offset + size > bytes.byteLength) {
      throw new OnnxError(`The network's weights end before ${name}: save the network again.`);
    }
    weights.set(name, { shape, values: new Float32Array(bytes.slice(offset, offset + size)) });
    offset += size;
  }
  if (offset !== bytes.byteLength) {
    throw new OnnxError(
      `The network's weights are ${bytes.byteLength} bytes, ${offset} are named: save the network again.`,
    );
  }
  return weights;
}

function joined(data: ArrayBuffer | readonly ArrayBuffer[]): ArrayBuffer {
  if (data instanceof ArrayBuffer) return data;
  if (!Array.isArray(data)) throw new OnnxError('The network has no weights: save it with them.');
  const parts = data as readonly ArrayBuffer[];
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(new Uint8Array(part), offset);
    offset += part.byteLength;
  }
  return whole.buffer;
}
