import type { Calibrator } from '@label-relaxation/calibration';
import type { Network } from '../network/network';
import type { Weight } from '../network/weights';

/** What a calibrator does to logits z before the softmax: W z + b. */
export interface AffineMap {
  /** W, [classes, classes] row by row. */
  readonly weights: Float64Array;
  readonly bias: Float64Array;
}

/** The affine map of logits that a calibrator is; null where it is another. */
export function affineMapOf(calibrator: Calibrator): AffineMap | null {
  const { classes } = calibrator;
  switch (calibrator.method) {
    case 'temperature':
      return {
        weights: diagonal(classes, () => 1 / calibrator.temperature),
        bias: new Float64Array(classes),
      };
    case 'vector':
    case 'svector':
    case 'matrix':
    case 'smatrix': {
      const { input, temperature, weights, bias } = calibrator;
      if (input !== 'logits') return null;
      const scaled = fullMatrix(classes, weights).map((weight) => weight / temperature);
      return { weights: scaled, bias: Float64Array.from(bias) };
    }
    default:
      return null;
  }
}

/** A matrix that may be given by its diagonal. */
export function fullMatrix(classes: number, weights: readonly number[]): Float64Array {
  return weights.length === classes
    ? diagonal(classes, (k) => weights[k] as number)
    : Float64Array.from(weights);
}

function diagonal(classes: number, at: (k: number) => number): Float64Array {
  const matrix = new Float64Array(classes * classes);
  for (let k = 0; k < classes; k++) matrix[k * classes + k] = at(k);
  return matrix;
}

/** Takes an affine map into the weights of the network's last dense layer; null where it ends in another layer. */
export function foldAffineMap(network: Network, map: AffineMap): Network | null {
  const last = network.applications.find(({ output }) => output === network.output);
  if (last?.type !== 'Dense' || (last.config['activation'] ?? 'linear') !== 'linear') return null;
  const { kernel, bias } = last.weights as { kernel: Weight; bias?: Weight };
  const classes = map.bias.length;
  const rows = kernel.values.length / classes;
  const before = bias?.values ?? new Float32Array(classes);
  const weights = {
    kernel: { ...kernel, values: mapped(kernel.values, rows, map.weights) },
    bias: { shape: [classes], values: mapped(before, 1, map.weights, map.bias) },
  };
  const folded = { ...last, config: { ...last.config, use_bias: true }, weights };
  const applications = network.applications.map((application) =>
    application === last ? folded : application,
  );
  return { ...network, applications };
}

/** Each row z of a matrix as W z + b. */
function mapped(
  values: Float32Array,
  rows: number,
  weights: Float64Array,
  bias?: Float64Array,
): Float32Array {
  const classes = values.length / rows;
  const result = new Float32Array(values.length);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < classes; i++) {
      let sum = bias?.[i] ?? 0;
      for (let j = 0; j < classes; j++) sum += weights[i * classes + j]! * values[row * classes + j]!;
      result[row * classes + i] = sum;
    }
  }
  return result;
}
