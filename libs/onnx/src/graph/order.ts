import type { Graph, Value } from './graph';

/** An image with its channels in front, as ONNX's convolutions want it: [n, channels, height, width]. */
export function channelsFirst(graph: Graph, value: Value): Value {
  if (value.channelsFirst !== null) return value;
  const [height, width, channels] = value.shape as [number, number, number];
  const name = `${value.name}/channels_first`;
  const turned =
    channels === 1 || height * width === 1
      ? graph.add(name, 'Reshape', [
          value.name,
          graph.integers(`${name}/shape`, [0, channels, height, width]),
        ])
      : graph.add(name, 'Transpose', [value.name], { perm: { ints: [0, 3, 1, 2] } });
  return { ...value, name: turned, channelsFirst: value.shape };
}

/** A value with its numbers in tfjs's order. */
export function tfjsOrder(graph: Graph, value: Value): Value {
  if (value.channelsFirst === null) return value;
  const [height, width, channels] = value.channelsFirst as [number, number, number];
  const name = `${value.name}/channels_last`;
  const reshape = (from: string, suffix: string, dims: readonly number[]): string =>
    graph.add(`${name}${suffix}`, 'Reshape', [from, graph.integers(`${name}${suffix}/shape`, [0, ...dims])]);
  const isFlat = value.shape.length === 1;
  const image = isFlat ? reshape(value.name, '/image', [channels, height, width]) : value.name;
  const turned = graph.add(name, 'Transpose', [image], { perm: { ints: [0, 2, 3, 1] } });
  return { ...value, name: isFlat ? reshape(turned, '/flat', value.shape) : turned, channelsFirst: null };
}

/** For each place of a flattened value, the place that its number has in tfjs's order. */
export function tfjsPlaces({ shape, channelsFirst: image }: Value): (place: number) => number {
  if (image === null || shape.length !== 1) return (place) => place;
  const [height, width, channels] = image as [number, number, number];
  const pixels = height * width;
  return (place) => (place % pixels) * channels + Math.floor(place / pixels);
}
