import { shapeOf } from '../../graph/graph';
import { matMul } from '../../graph/ops';
import { rewriteOps } from '../../graph/rewrite';
import type { Pass } from '../pass';

/** tfjs-node multiplies plain matrices as batches of one, which TensorFlow can't fuse with what follows. */
export const matrixProducts: Pass = {
  name: 'matrix-products',
  description: 'multiplies plain matrices by MatMul, not as batches of one',
  appliesTo: () => true,
  run: (graph) =>
    rewriteOps(graph, {
      BatchMatMulV2: ({ inputs: [left, right], attributes: { adj_x, adj_y } }) =>
        shapeOf(left!).length === 2 && shapeOf(right!).length === 2
          ? matMul(left!, right!, { left: adj_x === true, right: adj_y === true })
          : null,
    }),
};
