import { type Binding, type BindingAttribute, DataType, type TensorMetadata } from '../binding';
import { type KnownInput, outputShapes } from './output-shapes';

/**
 * Outputs of the right shapes and of no certain values, in place of an op's real ones: a recording needs their shapes
 * alone, and the ops whose shapes are known are nearly all of a trace's time and memory. Null for any other op.
 */
export function standIns(
  binding: Binding,
  op: string,
  attributes: readonly BindingAttribute[],
  inputs: readonly KnownInput[],
): TensorMetadata[] | null {
  const shapes = outputShapes(op, attributes, inputs);
  if (shapes === null) return null;
  const dtype = attributes.find(({ name }) => name === 'T')?.value ?? DataType.float32;
  const empty = [
    { name: 'dtype', type: binding.TF_ATTR_TYPE, value: dtype },
    { name: 'init', type: binding.TF_ATTR_BOOL, value: false },
  ];
  return shapes.map((shape) => {
    const dims = binding.createTensor([shape.length], DataType.int32, Int32Array.from(shape));
    const [output] = binding.executeOp('Empty', empty, [dims], 1);
    binding.deleteTensor(dims);
    return output!;
  });
}
