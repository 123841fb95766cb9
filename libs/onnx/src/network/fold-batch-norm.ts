import type { Application, Network } from './network';
import type { Weight } from './weights';

/** Layers whose output is linear in their kernel, which has the output's channels in the last axis. */
const LINEAR = new Set(['Conv2D', 'Dense']);

/**
 * Takes batch-norms that follow a convolution or a dense layer, with nothing in between, into that layer's weights.
 * Others stay: behind a rectifier, or where the layer's output is used elsewhere, too.
 */
export function foldBatchNorms(network: Network): Network {
  const uses = new Map<string, number>([[network.output, 1]]);
  for (const { inputs } of network.applications) {
    for (const input of inputs) uses.set(input, (uses.get(input) ?? 0) + 1);
  }
  const applications: Application[] = [];
  for (const application of network.applications) {
    const last = applications.findIndex(({ output }) => output === application.inputs[0]);
    const linear = applications[last];
    const folds =
      application.type === 'BatchNormalization' &&
      linear !== undefined &&
      isLinear(linear) &&
      uses.get(linear.output) === 1;
    if (folds) applications[last] = folded(linear, application);
    else applications.push(application);
  }
  return { ...network, applications };
}

function isLinear({ type, config }: Application): boolean {
  return LINEAR.has(type) && (config['activation'] ?? 'linear') === 'linear';
}

/** kernel' = kernel * scale, bias' = bias * scale + shift. */
function folded(linear: Application, batchNorm: Application): Application {
  const { kernel, bias } = linear.weights as { kernel: Weight; bias?: Weight };
  const { scale, shift } = affineOf(batchNorm);
  const channels = scale.length;
  const values = kernel.values.map((value, i) => value * scale[i % channels]!);
  const biases = shift.map((value, k) => value + scale[k]! * (bias?.values[k] ?? 0));
  return {
    ...linear,
    config: { ...linear.config, use_bias: true },
    weights: { kernel: { ...kernel, values }, bias: { shape: [channels], values: biases } },
    output: batchNorm.output,
  };
}

/** A batch-norm in inference as a factor and an offset for each channel. */
export function affineOf({ config, weights }: Application): { scale: Float32Array; shift: Float32Array } {
  const { gamma, beta, moving_mean: mean, moving_variance: variance } = weights as Record<string, Weight>;
  const epsilon = (config['epsilon'] as number | undefined) ?? 1e-3;
  const scale = variance!.values.map((value, k) => (gamma?.values[k] ?? 1) / Math.sqrt(value + epsilon));
  const shift = scale.map((factor, k) => (beta?.values[k] ?? 0) - mean!.values[k]! * factor);
  return { scale, shift };
}
