import type { Op, Value } from '../../graph/graph';
import { makeOp } from '../../graph/ops';
import { rewriteOps } from '../../graph/rewrite';
import { CONVOLUTION, FILTER_GRADIENT, type Lanes } from '../../native-ops';
import { hasImageOps, type Pass, type Target } from '../pass';
import { area, convolutionOf } from './convolution';

/** Up to this many pixels most of what a tile is multiplied with are the zeros around the image. */
const FEW_PIXELS = 4;

export const winograd: Pass = {
  name: 'winograd',
  description:
    'computes convolutions of 3x3 and their gradients by our own ops, with less than half of the multiplications',
  appliesTo: hasImageOps,
  run(graph, { machine, precision }) {
    const most = machine!.lanes!;
    const ours = (node: Op, op: string, inputs: readonly Value[], attributes = {}): Op | null => {
      const lanes = lanesFor(node, most, precision);
      if (lanes === null) return null;
      const all = { ...attributes, T: node.attributes['T']!, lanes: { int: lanes } };
      return makeOp(op, inputs, all, node.outputs);
    };
    return rewriteOps(graph, {
      Conv2D: (node) => ours(node, CONVOLUTION, node.inputs, { turned: false }),
      Conv2DBackpropInput: (node) =>
        ours(node, CONVOLUTION, [node.inputs[2]!, node.inputs[1]!], { turned: true }),
      Conv2DBackpropFilter: (node) => ours(node, FILTER_GRADIENT, [node.inputs[0]!, node.inputs[2]!]),
    });
  },
};

/** How many floats our op is best told to take at once; null where the convolution isn't for it. */
function lanesFor(node: Op, most: Lanes, precision: Target['precision']): Lanes | null {
  const convolution = convolutionOf(node);
  if (convolution?.padding !== 'SAME' || area(convolution.output) <= FEW_PIXELS) return null;
  if (convolution.filter.some((length) => length !== 3)) return null;
  const { channels, filters } = convolution;
  const isHalf = precision === 'bfloat16';
  // Of bfloat16 two channels are multiplied at once, and oneDNN is faster than our shorter vectors.
  if (isHalf && (channels % 2 === 1 || filters % 2 === 1)) return null;
  const choices = (isHalf ? ([16] as const) : ([16, 8] as const)).filter(
    (lanes) => lanes <= most && takes(lanes, channels) && takes(lanes, filters),
  );
  if (choices.length === 0) return null;
  const padded = (lanes: number): number =>
    [channels, filters].reduce((product, count) => product * Math.ceil(count / lanes) * lanes, 1);
  return choices.reduce((best, lanes) => (padded(lanes) < padded(best) ? lanes : best));
}

/** Whether the code for vectors of so many floats takes so many channels (native/winograd.h). */
function takes(lanes: number, count: number): boolean {
  return count % (2 * lanes) === 0 || (count >= lanes && count < 2 * lanes);
}
