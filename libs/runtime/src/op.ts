import { type BindingAttribute, DataType, type DataTypeName, nodeBackend } from './binding';
import type { tf } from './tensorflow';

/**
 * The value of an op's attribute. A JavaScript number doesn't tell whether TensorFlow should see an int or a float,
 * so that numbers, types and shapes are tagged; strings and booleans stand for themselves.
 */
export type OpAttribute =
  | string
  | boolean
  | { int: number | readonly number[] }
  | { float: number | readonly number[] }
  | { type: DataTypeName }
  | { shape: readonly number[] };

/**
 * Runs one TensorFlow op by name, with tfjs tensors.
 *
 *     const [doubled] = op('AddV2', { T: { type: 'float32' } }, [x, x], 1);
 *
 * Nothing is known of its gradient: wrap it in `tf.customGrad` where one is needed.
 *
 * @param name the op's name in TensorFlow's registry
 * @param attributes all of the op's attributes that have no default
 * @param inputs tensors, in the op's order
 * @param outputs how many outputs the op has
 * @returns the outputs; types that tfjs doesn't know (int64, bfloat16) can't be returned
 */
export function op(
  name: string,
  attributes: Record<string, OpAttribute>,
  inputs: readonly tf.Tensor[],
  outputs: number,
): tf.Tensor[] {
  const backend = nodeBackend();
  const list = Object.entries(attributes).map(([key, value]) => bindingAttribute(key, value));
  return backend.binding
    .executeOp(name, list, backend.getInputTensorIds([...inputs]), outputs)
    .map((metadata) => backend.createOutputTensor(metadata));
}

function bindingAttribute(name: string, value: OpAttribute): BindingAttribute {
  const { binding } = nodeBackend();
  if (typeof value === 'string') return { name, type: binding.TF_ATTR_STRING, value };
  if (typeof value === 'boolean') return { name, type: binding.TF_ATTR_BOOL, value };
  if ('int' in value) return { name, type: binding.TF_ATTR_INT, value: value.int };
  if ('float' in value) return { name, type: binding.TF_ATTR_FLOAT, value: value.float };
  if ('type' in value) return { name, type: binding.TF_ATTR_TYPE, value: DataType[value.type] };
  return { name, type: binding.TF_ATTR_SHAPE, value: value.shape };
}
