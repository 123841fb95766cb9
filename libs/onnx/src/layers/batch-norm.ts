import { tfjsPlaces } from '../graph/order';
import { affineOf } from '../network/fold-batch-norm';
import { type Convert, refuse, setting } from './convert';

/** A batch-norm that is in no other layer's weights: a factor and an offset for each channel or unit. */
export const convertBatchNorm: Convert = (application, [value], graph) => {
  const rank = value!.shape.length;
  const axis = setting(application, 'axis', -1);
  if (axis !== -1 && axis !== rank) refuse(application, `its axis is ${axis}, not the last`);
  const { scale, shift } = affineOf(application);
  if (scale.length !== value!.shape.at(-1)) {
    refuse(application, `it has ${scale.length} channels, it is given ${value!.shape.at(-1)}`);
  }
  const { layer, output } = application;
  const image = rank === 3 && value!.channelsFirst !== null;
  const dims = image ? [scale.length, 1, 1] : [scale.length];
  const placeOf = tfjsPlaces(value!);
  const constant = (name: string, values: Float32Array): string =>
    graph.constant(
      `${layer}/${name}`,
      dims,
      values.map((_, place) => values[placeOf(place)]!),
    );
  const scaled = graph.add(`${output}/scaled`, 'Mul', [value!.name, constant('scale', scale)]);
  return { ...value!, name: graph.add(output, 'Add', [scaled, constant('shift', shift)]) };
};
