import { batchNorm, biasAdd, conv2d, dropout, matMul, relu, tf } from '@label-relaxation/runtime';
import { computeWith } from './compute-with';
import { type KernelInitializer, kernelInitializer } from './initializers';

export interface ConvOptions {
  filters: number;
  /** Side of the square window. */
  size: number;
  strides?: number;
  padding?: 'same' | 'valid';
  useBias?: boolean;
  initializer?: KernelInitializer;
  /** Factor of the kernel's L2 penalty. */
  l2?: number;
}

export interface DenseOptions {
  units: number;
  activation?: 'relu' | 'linear';
  initializer?: KernelInitializer;
  /** Factor of the kernel's L2 penalty. */
  l2?: number;
}

/** An L2 penalty l2 * sum(kernel^2) on a layer's first weight. */
export interface LayerPenalty {
  layer: tf.layers.Layer;
  l2: number;
}

type Symbolic = tf.SymbolicTensor;

/**
 * Adds layers to a functional tfjs model, one after another, each computed by the runtime's kernels.
 *
 * It numbers kernels and dropouts, so that each draws from a random stream of its own, and keeps the L2 penalties.
 */
export class NetworkBuilder {
  /** tfjs, for layers that this builder doesn't make. */
  readonly tf = tf;
  readonly penalties: LayerPenalty[] = [];
  readonly #seed: number;
  readonly #made = new Set<tf.layers.Layer>();
  #kernels = 0;
  #dropouts = 0;

  /** @param seed of all initial weights */
  constructor(seed: number) {
    this.#seed = seed;
  }

  /** A 2-D convolution without activation. */
  conv(x: Symbolic, name: string, options: ConvOptions): Symbolic {
    const { filters, size, strides = 1, padding = 'same', useBias = true, l2 = 0 } = options;
    const layer = tf.layers.conv2d({
      name,
      filters,
      kernelSize: size,
      strides,
      padding,
      useBias,
      ...this.#kernel(options.initializer, l2),
    });
    computeWith(layer, (images, [kernel, bias]) =>
      conv2d(
        images as tf.Tensor4D,
        kernel as tf.Tensor as tf.Tensor4D,
        (bias as tf.Tensor as tf.Tensor1D) ?? null,
        {
          strides,
          padding: padding === 'same' ? 'SAME' : 'VALID',
        },
      ),
    );
    return this.#add(layer, x, l2);
  }

  /** A fully connected layer. */
  dense(
    x: Symbolic,
    name: string,
    { units, activation = 'linear', initializer, l2 = 0 }: DenseOptions,
  ): Symbolic {
    const layer = tf.layers.dense({ name, units, activation, ...this.#kernel(initializer, l2) });
    computeWith(layer, (values, [kernel, bias]) => {
      const y = biasAdd(matMul(values as tf.Tensor2D, kernel as tf.Tensor as tf.Tensor2D), bias!);
      return activation === 'relu' ? relu(y) : y;
    });
    return this.#add(layer, x, l2);
  }

  /**
   * Batch normalisation with Keras's defaults: what the moving averages keep is .99, epsilon 1e-3. The moving variance
   * takes the unbiased variance of images and the biased one of vectors, as Keras's fused and plain versions do.
   */
  batchNorm(x: Symbolic, name: string): Symbolic {
    const options = { momentum: 0.99, epsilon: 1e-3 };
    return this.#add(normalising(tf.layers.batchNormalization({ name, ...options }), options), x);
  }

  relu(x: Symbolic, name: string): Symbolic {
    return this.#add(computeWith(tf.layers.activation({ name, activation: 'relu' }), relu), x);
  }

  dropout(x: Symbolic, name: string, rate: number): Symbolic {
    return this.#add(this.#dropping(tf.layers.dropout({ name, rate }), rate), x);
  }

  /**
   * Lets a standard layer of tfjs that this builder didn't make compute as one that it did, where tfjs's own way cannot
   * be compiled: dropout draws in JavaScript, batch normalisation reads its averages after they are updated.
   */
  adopt(layer: tf.layers.Layer): void {
    if (this.#made.has(layer)) return;
    const config = layer.getConfig();
    const { rank } = layer.input as Symbolic;
    if (layer.getClassName() === 'Dropout' && !config['noiseShape'])
      this.#dropping(layer, Number(config['rate']));
    if (layer.getClassName() === 'BatchNormalization' && config['center'] && config['scale']) {
      const isLast = [-1, rank - 1].includes(Number(config['axis']));
      const options = { momentum: Number(config['momentum']), epsilon: Number(config['epsilon']) };
      if (isLast && (rank === 2 || rank === 4)) normalising(layer, options);
    }
  }

  #dropping<L extends tf.layers.Layer>(layer: L, rate: number): L {
    const number = this.#dropouts++;
    return computeWith(layer, (values, _, training) => (training ? dropout(values, rate, number) : values));
  }

  #kernel(name: KernelInitializer = 'glorot_uniform', l2: number) {
    return {
      kernelInitializer: kernelInitializer(name, this.#seed, this.#kernels++),
      ...(l2 > 0 ? { kernelRegularizer: tf.regularizers.l2({ l2 }) } : {}),
    };
  }

  #add(layer: tf.layers.Layer, x: Symbolic, l2 = 0): Symbolic {
    if (l2 > 0) this.penalties.push({ layer, l2 });
    this.#made.add(layer);
    return layer.apply(x) as Symbolic;
  }
}

function normalising<L extends tf.layers.Layer>(
  layer: L,
  options: { readonly momentum: number; readonly epsilon: number },
): L {
  return computeWith(layer, (values, weights, training) => {
    const [gamma, beta, movingMean, movingVariance] = weights as [
      tf.Tensor,
      tf.Tensor,
      tf.Variable,
      tf.Variable,
    ];
    const variables = {
      ...{ gamma: gamma as tf.Tensor1D, beta: beta as tf.Tensor1D },
      ...{ movingMean, movingVariance },
    };
    const kind = values.rank === 4 ? 'unbiased' : 'biased';
    return batchNorm(values, variables, { training, ...options, movingVariance: kind });
  });
}
