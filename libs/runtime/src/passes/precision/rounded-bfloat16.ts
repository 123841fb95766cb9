import { DataType } from '../../binding';
import { typeAttribute, type Value, valueOf } from '../../graph/graph';
import { cast } from '../../graph/ops';
import { rewrite } from '../../graph/rewrite';
import type { Pass } from '../pass';

/** Ops whose outputs are numbers of their inputs, or zero: rounded they are the same. */
const EXACT: ReadonlySet<string> = new Set([
  'ConcatV2',
  'ExtractImagePatches',
  'MaxPool',
  'Pad',
  'Relu',
  'ReluGrad',
  'Reshape',
  'Slice',
]);

/** Where TensorFlow has no kernels for bfloat16, its own code for it takes many times as long. */
export const roundedBfloat16: Pass = {
  name: 'rounded-bfloat16',
  description:
    'computes in float32 what is bfloat16 and rounds it, which gives the same but for the order of sums',
  appliesTo: ({ machine, precision }) => precision === 'bfloat16' && machine?.bfloat16Kernels === false,
  run: (graph) =>
    rewrite(graph, (node, original) => {
      if (node.kind !== 'op') return null;
      if (node.op === 'Cast') {
        const [value] = node.inputs as [Value];
        if (typeAttribute(node, 'SrcT') === DataType.bfloat16) return cast(value, node.outputs[0]!.dtype);
        return node.outputs[0]!.dtype === DataType.bfloat16 ? rounded(value) : null;
      }
      if (typeAttribute(node, 'T') !== DataType.bfloat16) return null;
      const outputs = node.outputs.map((type) => ({ ...type, dtype: floatOf(type.dtype) }));
      const float = {
        ...node,
        attributes: { ...node.attributes, T: { type: DataType.float32 } },
        outputs,
      };
      return original.outputs.map(({ dtype }, output) => {
        const value = valueOf(float, output);
        return dtype === DataType.bfloat16 && !EXACT.has(node.op) ? rounded(value) : value;
      });
    }),
};

function rounded(value: Value): Value {
  return cast(cast(value, DataType.bfloat16), DataType.float32);
}

function floatOf(dtype: number): number {
  return dtype === DataType.bfloat16 ? DataType.float32 : dtype;
}
