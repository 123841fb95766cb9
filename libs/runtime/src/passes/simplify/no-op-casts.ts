import { dtypeOf } from '../../graph/graph';
import { rewriteOps } from '../../graph/rewrite';
import type { Pass } from '../pass';

export const noOpCasts: Pass = {
  name: 'no-op-casts',
  description: 'leaves out casts from a type to itself',
  appliesTo: () => true,
  run: (graph) =>
    rewriteOps(graph, {
      Cast: ({ inputs: [value], outputs: [type] }) => (dtypeOf(value!) === type!.dtype ? value! : null),
    }),
};
