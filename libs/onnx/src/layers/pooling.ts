import type { OnnxAttribute } from '../format/onnx-model';
import { channelsFirst } from '../graph/order';
import { type Convert, imageShape, padded, setting, sides } from './convert';

const pool =
  (op: 'MaxPool' | 'AveragePool'): Convert =>
  (application, [input], graph) => {
    const [height, width, channels] = imageShape(application, input!);
    const [windowHeight, windowWidth] = sides(application, 'pool_size', 2);
    const [rows, columns] =
      setting(application, 'strides', null) === null
        ? [windowHeight, windowWidth]
        : sides(application, 'strides', 1);
    const padding = setting(application, 'padding', 'valid');
    const vertical = padded(padding, height, windowHeight, rows);
    const horizontal = padded(padding, width, windowWidth, columns);
    const attributes: Record<string, OnnxAttribute> = {
      kernel_shape: { ints: [windowHeight, windowWidth] },
      strides: { ints: [rows, columns] },
      pads: { ints: [vertical.before, horizontal.before, vertical.after, horizontal.after] },
    };
    const shape = [vertical.output, horizontal.output, channels];
    const name = graph.add(application.output, op, [channelsFirst(graph, input!).name], attributes);
    return { name, shape, channelsFirst: shape };
  };

const globalPool =
  (op: 'GlobalMaxPool' | 'GlobalAveragePool'): Convert =>
  (application, [input], graph) => {
    const [, , channels] = imageShape(application, input!);
    const pooled = graph.add(`${application.output}/image`, op, [channelsFirst(graph, input!).name]);
    const name = graph.add(application.output, 'Flatten', [pooled], { axis: { int: 1 } });
    return { name, shape: [channels], channelsFirst: null };
  };

export const convertMaxPooling2d = pool('MaxPool');
export const convertAveragePooling2d = pool('AveragePool');
export const convertGlobalMaxPooling2d = globalPool('GlobalMaxPool');
export const convertGlobalAveragePooling2d = globalPool('GlobalAveragePool');
