import { DataType } from '../binding';
import { typeAttribute } from '../graph/graph';
import { makeOp } from '../graph/ops';
import { rewriteOps } from '../graph/rewrite';
import { UNIFORM } from '../native-ops';
import type { Pass } from './pass';

export const nativeUniform: Pass = {
  name: 'native-uniform',
  description: 'draws uniform random numbers by our own op, which draws the same ones eight groups at once',
  appliesTo: ({ machine }) => machine !== null && machine.lanes !== null,
  run: (graph) =>
    rewriteOps(graph, {
      StatelessRandomUniform: (node) =>
        typeAttribute(node, 'dtype') === DataType.float32 &&
        typeAttribute(node, 'T') === DataType.int32 &&
        typeAttribute(node, 'Tseed') === DataType.int32
          ? makeOp(UNIFORM, node.inputs, {}, node.outputs)
          : null,
    }),
};
