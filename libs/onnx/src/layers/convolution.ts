import type { Graph, Value } from '../graph/graph';
import { channelsFirst } from '../graph/order';
import type { Application } from '../network/network';
import type { Weight } from '../network/weights';
import { activate } from './activation';
import { type Convert, imageShape, padded, refuse, setting, sides } from './convert';

/** A filter as ONNX has it, [filters, channels / group, height, width], and the number of groups. */
interface Filter {
  readonly dims: readonly [number, number, number, number];
  readonly values: Float32Array;
  readonly group: number;
}

export const convertConv2d: Convert = (application, [input], graph) =>
  convolved(application, input!, graph, [ordinary(weightOf(application, 'kernel'))]);

export const convertDepthwiseConv2d: Convert = (application, [input], graph) =>
  convolved(application, input!, graph, [depthwise(weightOf(application, 'depthwise_kernel'))]);

/** A depthwise convolution and one of 1x1 behind it. */
export const convertSeparableConv2d: Convert = (application, [input], graph) =>
  convolved(application, input!, graph, [
    depthwise(weightOf(application, 'depthwise_kernel')),
    ordinary(weightOf(application, 'pointwise_kernel')),
  ]);

/** Adds one filter after another; bias and activation go behind the last, stride and padding belong to the first. */
function convolved(application: Application, input: Value, graph: Graph, filters: readonly Filter[]): Value {
  imageShape(application, input);
  const bias = application.weights['bias'];
  let value = channelsFirst(graph, input);
  filters.forEach((filter, i) => {
    const isFirst = i === 0;
    const isLast = i === filters.length - 1;
    const name = `${application.output}/${isLast ? 'convolved' : 'depthwise'}`;
    const [rows, columns] = isFirst ? sides(application, 'strides', 1) : [1, 1];
    const [down, right] = isFirst ? sides(application, 'dilation_rate', 1) : [1, 1];
    const [count, channels, height, width] = filter.dims;
    const [imageHeight, imageWidth, imageChannels] = imageShape(application, value);
    if (channels * filter.group !== imageChannels) {
      refuse(
        application,
        `its kernel takes ${channels * filter.group} channels, it is given ${imageChannels}`,
      );
    }
    const padding = setting(application, 'padding', 'valid');
    const vertical = padded(padding, imageHeight, (height - 1) * down + 1, rows);
    const horizontal = padded(padding, imageWidth, (width - 1) * right + 1, columns);
    const inputs = [value.name, graph.constant(`${name}/kernel`, filter.dims, filter.values)];
    if (isLast && bias) inputs.push(graph.constant(`${name}/bias`, bias.shape, bias.values));
    const shape = [vertical.output, horizontal.output, count];
    value = {
      name: graph.add(name, 'Conv', inputs, {
        kernel_shape: { ints: [height, width] },
        strides: { ints: [rows, columns] },
        dilations: { ints: [down, right] },
        pads: { ints: [vertical.before, horizontal.before, vertical.after, horizontal.after] },
        group: { int: filter.group },
      }),
      shape,
      channelsFirst: shape,
    };
  });
  return activate(value, setting(application, 'activation', 'linear'), application, graph);
}

function weightOf(application: Application, name: string): Weight {
  return application.weights[name] ?? refuse(application, `it has no ${name}`);
}

/** From [height, width, channels, filters]. */
function ordinary({ shape, values }: Weight): Filter {
  const [height, width, channels, filters] = shape as [number, number, number, number];
  return {
    dims: [filters, channels, height, width],
    values: transposed(values, filters, channels),
    group: 1,
  };
}

/** From [height, width, channels, multiplier]: output c * multiplier + m is of channel c. */
function depthwise({ shape, values }: Weight): Filter {
  const [height, width, channels, multiplier] = shape as [number, number, number, number];
  const outputs = channels * multiplier;
  return { dims: [outputs, 1, height, width], values: transposed(values, outputs, 1), group: channels };
}

/** From [window, channels, filters] to [filters, channels, window]. */
function transposed(values: Float32Array, filters: number, channels: number): Float32Array {
  const window = values.length / (filters * channels);
  const result = new Float32Array(values.length);
  for (let place = 0, from = 0; place < window; place++) {
    for (let channel = 0; channel < channels; channel++) {
      for (let filter = 0; filter < filters; filter++, from++) {
        result[(filter * channels + channel) * window + place] = values[from]!;
      }
    }
  }
  return result;
}
