import { DataType } from '../src/binding';
import { type Attributes, type TensorType, valueOf } from '../src/graph/graph';
import { graphOf } from '../src/graph/graph-of';
import { cast, makeOp } from '../src/graph/ops';
import { tf } from '../src/tensorflow';
import { input } from './graphs';
import { runGraph } from './run-graph';
import { normal } from './tensors';

/** Numbers of a normal distribution that bfloat16 has. */
export function normalHalves(shape: readonly number[], seed: number): tf.Tensor {
  const values = normal(shape, seed).dataSync() as Float32Array;
  const words = new Uint32Array(values.slice().buffer).map((word) => word & 0xffff0000);
  return tf.tensor(new Float32Array(words.buffer), [...shape]);
}

/** What an op takes: tensors as they are, or as bfloat16. */
export interface Operand {
  readonly tensor: tf.Tensor;
  readonly half: boolean;
}

/** What an op gives for tensors, of which some are bfloat16 (tfjs has no such tensors); all outputs are cast to float32. */
export async function inBfloat16(
  name: string,
  attributes: Attributes,
  operands: readonly Operand[],
  outputs: readonly TensorType[],
): Promise<Float32Array[]> {
  const values = operands.map(({ tensor, half }, i) => {
    const value = input(`x${i}`, tensor.shape);
    return half ? cast(value, DataType.bfloat16) : value;
  });
  const node = makeOp(name, values, { ...attributes, T: { type: DataType.bfloat16 } }, outputs);
  const results = outputs.map((_, i) => [`y${i}`, cast(valueOf(node, i), DataType.float32)] as const);
  const inputs = Object.fromEntries(operands.map(({ tensor }, i) => [`x${i}`, tensor]));
  return Object.values(await runGraph(graphOf(Object.fromEntries(results)), inputs));
}
