import type { Graph, Value } from '../graph/graph';
import { channelsFirst, tfjsOrder } from '../graph/order';
import type { Application } from '../network/network';
import { type Convert, imageShape, refuse, setting, sides } from './convert';

/** Flattens. An image with its channels first stays so: the next dense layer's kernel follows it. */
export const convertFlatten: Convert = (application, [value], graph) => {
  const { shape, channelsFirst: image } = value!;
  const size = shape.reduce((product, side) => product * side, 1);
  const name = graph.add(application.output, 'Flatten', [value!.name], { axis: { int: 1 } });
  const isMixed = image !== null && image[2] !== 1 && image[0]! * image[1]! !== 1;
  return { name, shape: [size], channelsFirst: isMixed ? image : null };
};

export const convertReshape: Convert = (application, [input], graph) => {
  const value = tfjsOrder(graph, input!);
  const size = value.shape.reduce((product, side) => product * side, 1);
  const target = setting<readonly (number | null)[]>(application, 'target_shape', []);
  const known = target.reduce<number>((product, side) => (isOpen(side) ? product : product * side!), 1);
  const shape = target.map((side) => (isOpen(side) ? size / known : side!));
  const dims = graph.integers(`${application.output}/shape`, [0, ...shape]);
  return { name: graph.add(application.output, 'Reshape', [value.name, dims]), shape, channelsFirst: null };
};

function isOpen(side: number | null): boolean {
  return side === null || side < 0;
}

export const convertZeroPadding2d: Convert = (application, [input], graph) => {
  const [height, width, channels] = imageShape(application, input!);
  const [[top, bottom], [left, right]] = borders(application, 'padding');
  const pads = graph.integers(`${application.output}/pads`, [0, 0, top, left, 0, 0, bottom, right]);
  const name = graph.add(application.output, 'Pad', [channelsFirst(graph, input!).name, pads]);
  const shape = [height + top + bottom, width + left + right, channels];
  return { name, shape, channelsFirst: shape };
};

export const convertCropping2d: Convert = (application, [input], graph) => {
  const [height, width, channels] = imageShape(application, input!);
  const [[top, bottom], [left, right]] = borders(application, 'cropping');
  const name = application.output;
  const bounds = [
    graph.integers(`${name}/starts`, [top, left]),
    graph.integers(`${name}/ends`, [height - bottom, width - right]),
    graph.integers(`${name}/axes`, [2, 3]),
  ];
  const cropped = graph.add(name, 'Slice', [channelsFirst(graph, input!).name, ...bounds]);
  const shape = [height - top - bottom, width - left - right, channels];
  return { name: cropped, shape, channelsFirst: shape };
};

/** A setting such as [[top, bottom], [left, right]], or one number for two sides or for all. */
function borders(application: Application, name: string): [[number, number], [number, number]] {
  const value = setting<number | readonly (number | readonly [number, number])[]>(application, name, 1);
  const [vertical, horizontal] = typeof value === 'number' ? [value, value] : value;
  const pair = (side: number | readonly [number, number]): [number, number] =>
    typeof side === 'number' ? [side, side] : [...side];
  return [pair(vertical!), pair(horizontal!)];
}

export const convertUpSampling2d: Convert = (application, [input], graph) => {
  const [height, width, channels] = imageShape(application, input!);
  const [rows, columns] = sides(application, 'size', 2);
  const interpolation = setting(application, 'interpolation', 'nearest');
  if (interpolation !== 'nearest') refuse(application, `its interpolation is ${interpolation}, not nearest`);
  const value = channelsFirst(graph, input!);
  const name = application.output;
  const scales = graph.constant(`${name}/scales`, [4], Float32Array.of(1, 1, rows, columns));
  const attributes = {
    mode: 'nearest',
    nearest_mode: 'floor',
    coordinate_transformation_mode: 'asymmetric',
  };
  const shape = [height * rows, width * columns, channels];
  return {
    name: graph.add(name, 'Resize', [value.name, '', scales], attributes),
    shape,
    channelsFirst: shape,
  };
};

/** x * scale + offset, the same for all. */
export const convertRescaling: Convert = (application, [value], graph) => {
  const name = application.output;
  return {
    ...value!,
    name: rescaled(value!, setting(application, 'scale', 1), setting(application, 'offset', 0), name, graph),
  };
};

function rescaled({ name: x }: Value, scale: number, offset: number, name: string, graph: Graph): string {
  const scaled = graph.add(`${name}/scaled`, 'Mul', [x, graph.scalar(`${name}/scale`, scale)]);
  return graph.add(name, 'Add', [scaled, graph.scalar(`${name}/offset`, offset)]);
}
