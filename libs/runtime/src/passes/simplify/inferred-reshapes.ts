import { inferredShape, ints } from '../../graph/ops';
import { rewriteOps, withInputs } from '../../graph/rewrite';
import { isStatic, type Size } from '../../graph/size';
import type { Pass } from '../pass';

export const inferredReshapes: Pass = {
  name: 'inferred-reshapes',
  description: 'lets Reshape infer the size that depends on the batch, in place of computing it',
  appliesTo: () => true,
  run: (graph) =>
    rewriteOps(graph, {
      Reshape(node) {
        const [value, target] = node.inputs;
        if (target!.node.kind !== 'constant' || isStatic(target!.node.values)) return null;
        const shape = inferredShape(target!.node.values as readonly Size[]);
        return shape && withInputs(node, [value!, ints(...shape)]);
      },
    }),
};
