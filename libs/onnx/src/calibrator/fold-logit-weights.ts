import type { LogitWeights } from '@label-relaxation/calibration';
import type { Network } from '../network/network';
import type { Weight } from '../network/weights';

/** Takes an affine map into the weights of the network's last dense layer; null where it ends in another layer. */
export function foldLogitWeights(network: Network, map: LogitWeights): Network | null {
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
