import { CONVOLUTION, FILTER_GRADIENT, type Lanes } from '../native-ops';
import { type Added, geometryOf, isPlain, size } from './convolution-products';
import type { Size } from './generalise';
import type { GraphBuilder } from './graph-builder';

/** Up to this many pixels most of what a tile is multiplied with are the zeros around the image. */
const FEW_PIXELS = 4;

/**
 * Convolutions of 3x3 and their gradients by our own ops, which take less than half of the multiplications
 * (native/winograd.h). In float32 alone.
 */
export class Winograd {
  readonly #graph: GraphBuilder;
  readonly #lanes: Lanes;

  /** @param lanes the most that this processor has */
  constructor(graph: GraphBuilder, lanes: Lanes) {
    this.#graph = graph;
    this.#lanes = lanes;
  }

  /** Adds one of our ops in place of another; null where there is none. */
  addOp(...[name, op, operands, attributes, shapes]: Added): string | null {
    if (!isPlain(attributes) || attributes['padding'] !== 'SAME') return null;
    const [first, second, third] = operands as [string, string, string];
    const [firstShape, secondShape, thirdShape, shape] = shapes as [Size[], Size[], Size[], Size[]];
    switch (op) {
      case 'Conv2D': {
        const lanes = this.#lanesFor(firstShape, secondShape);
        return lanes && this.#graph.add(name, CONVOLUTION, [first, second], { turned: false, lanes });
      }
      case 'Conv2DBackpropInput': {
        const lanes = this.#lanesFor(thirdShape, secondShape);
        return lanes && this.#graph.add(name, CONVOLUTION, [third, second], { turned: true, lanes });
      }
      case 'Conv2DBackpropFilter': {
        const lanes = this.#lanesFor(firstShape, shape);
        return lanes && this.#graph.add(name, FILTER_GRADIENT, [first, third], { lanes });
      }
      default:
        return null;
    }
  }

  /** How many floats our op is best told to take at once; null where the convolution isn't for it. */
  #lanesFor(images: readonly Size[], filter: readonly Size[]): { int: number } | null {
    const geometry = geometryOf(images, filter, images, 'SAME');
    if (geometry === null || size(geometry.input) <= FEW_PIXELS) return null;
    if (geometry.filter.some((length) => length !== 3)) return null;
    const { channels, filters } = geometry;
    const choices = [16, 8].filter(
      (lanes) => lanes <= this.#lanes && takes(lanes, channels) && takes(lanes, filters),
    );
    if (choices.length === 0) return null;
    const padded = (lanes: number): number =>
      [channels, filters].reduce((product, count) => product * Math.ceil(count / (2 * lanes)) * 2 * lanes, 1);
    return { int: choices.reduce((best, lanes) => (padded(lanes) < padded(best) ? lanes : best)) };
  }
}

/** Whether the code for vectors of so many floats takes so many channels (native/winograd.h). */
function takes(lanes: number, count: number): boolean {
  return count % (2 * lanes) === 0 || (count >= lanes && count < 2 * lanes);
}
