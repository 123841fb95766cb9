import { DataType } from '../../binding';
import { type Node, type Op, shapeOf, typeOf, type Value, valueOf } from '../../graph/graph';
import { ints, makeOp, opValue } from '../../graph/ops';
import { type Replacement, rewrite } from '../../graph/rewrite';
import { type Lanes, NORMALISED_PRODUCT, NORMALISED_PRODUCT_GRADIENT } from '../../native-ops';
import { hasImageOps, type Pass } from '../pass';
import { allPartsOf } from './concatenation';
import { type BackwardLayer, type NormalisedLayer, normalisedLayers } from './normalised-layers';

/**
 * A convolution of 1x1 is a product of matrices, and our op normalises and rectifies its rows where it packs them: what
 * is normalised never is in memory, nor is a concatenation of it. The one op of all gradients goes over the image twice.
 */
export const normalisedProducts: Pass = {
  name: 'normalised-products',
  description:
    'lets convolutions of 1x1 normalise and rectify what they read, and makes one op of all their gradients',
  appliesTo: hasImageOps,
  run(graph, { machine, precision }) {
    const rules = new Map<Node, (now: Now, node: Node) => Replacement>();
    for (const layer of normalisedLayers(graph)) {
      if (precision === 'bfloat16' && !isInPairs(layer)) continue;
      const product = new Product(layer, machine!.lanes!);
      rules.set(layer.sum, (now) => product.forward(now));
      const { backward } = layer;
      if (backward === null) continue;
      const { filterGradient, normGradient, biasGradient, sum, split } = backward;
      rules.set(filterGradient, (now) => valueOf(product.gradients(backward, now), 1));
      rules.set(normGradient, (now) => {
        const gradients = product.gradients(backward, now);
        return [0, 2, 3].map((output) => valueOf(gradients, output));
      });
      if (biasGradient !== null)
        rules.set(biasGradient, (now) => valueOf(product.gradients(backward, now), 4));
      if (sum !== normGradient) rules.set(sum, (now) => valueOf(product.gradients(backward, now)));
      if (split !== null) rules.set(split, (now, node) => [valueOf(node), restOf(split, now)]);
    }
    return rewrite(graph, (node, original, now) => rules.get(original)?.(now, node) ?? null);
  },
};

type Now = (value: Value) => Value;

/** What takes the place of a layer. */
class Product {
  readonly #layer: NormalisedLayer;
  readonly #lanes: Lanes;
  #gradients: Op | null = null;

  constructor(layer: NormalisedLayer, lanes: Lanes) {
    this.#layer = layer;
    this.#lanes = lanes;
  }

  forward(now: Now): Op {
    const { convolution, others, sum } = this.#layer;
    const parts = this.#parts(now);
    const scaling = this.#layer.norm.inputs.slice(1).map(now);
    const inputs = [...parts, ...scaling, now(convolution.inputs[1]!), ...others.map(now)];
    return makeOp(NORMALISED_PRODUCT, inputs, this.#attributes(parts, others), sum.outputs);
  }

  gradients({ dy, normGradient, others }: BackwardLayer, now: Now): Op {
    if (this.#gradients !== null) return this.#gradients;
    const { norm, convolution } = this.#layer;
    const image = norm.inputs[0]!;
    const parts = this.#parts(now);
    const [, , scale, shift, mean, variance] = normGradient.inputs as [
      Value,
      Value,
      Value,
      Value,
      Value,
      Value,
    ];
    const filter = convolution.inputs[1]!;
    const vectors = [scale, shift, mean, variance, filter].map(now);
    const inputs = [now(dy), ...parts, ...vectors, ...others.map(now)];
    const attributes = { ...this.#attributes(parts, others), epsilon: normGradient.attributes['epsilon']! };
    const bias = { dtype: DataType.float32, shape: [shapeOf(filter)[3]!] };
    const types = [...[image, filter, scale, shift].map(typeOf), bias];
    return (this.#gradients = makeOp(NORMALISED_PRODUCT_GRADIENT, inputs, attributes, types));
  }

  #parts(now: Now): readonly Value[] {
    return allPartsOf(now(this.#layer.norm.inputs[0]!));
  }

  #attributes(parts: readonly Value[], others: readonly Value[]): Op['attributes'] {
    const counts = { parts: { int: parts.length }, count: { int: others.length } };
    return { ...counts, T: { type: DataType.float32 }, lanes: { int: this.#lanes } };
  }
}

/** Whether channels and filters are even: our op multiplies bfloat16 in pairs. */
function isInPairs({ convolution }: NormalisedLayer): boolean {
  const [, , channels, filters] = shapeOf(convolution.inputs[1]!) as readonly number[];
  return channels! % 2 === 0 && filters! % 2 === 0;
}

/** The channels behind the first part of a split image. */
function restOf(split: Op, now: Now): Value {
  const [image] = split.inputs as [Value];
  const [first, rest] = split.outputs.map(({ shape }) => shape.at(-1) as number) as [number, number];
  const before = shapeOf(image)
    .slice(1)
    .map(() => 0);
  const all = before.map(() => -1);
  return opValue(
    'Slice',
    [now(image), ints(...before, first), ints(...all, rest)],
    { Index: { type: DataType.int32 } },
    split.outputs[1]!,
  );
}
