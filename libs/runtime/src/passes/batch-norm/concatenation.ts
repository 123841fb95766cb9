import { DataType } from '../../binding';
import { opOf, shapeOf, typeAttribute, type Value } from '../../graph/graph';

/** The parts of a concatenation of images along their channels, in float32; null for any other value. */
export function partsOf(value: Value): readonly Value[] | null {
  const concat = opOf(value, 'ConcatV2');
  if (concat === null || typeAttribute(concat, 'T') !== DataType.float32) return null;
  const axis = concat.inputs.at(-1)!.node;
  if (axis.kind !== 'constant' || (axis.values[0] !== 3 && axis.values[0] !== -1)) return null;
  const parts = concat.inputs.slice(0, -1);
  return parts.every((part) => shapeOf(part).length === 4) ? parts : null;
}

export function channelsOf(image: Value): number {
  return shapeOf(image)[3] as number;
}

/** The images that lie side by side in a value, which may be concatenations of concatenations; the value itself if it is none. */
export function allPartsOf(value: Value): readonly Value[] {
  return partsOf(value)?.flatMap(allPartsOf) ?? [value];
}
