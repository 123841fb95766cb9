import { OnnxError } from './errors';
import type { OnnxModel, OnnxNode } from './format/onnx-model';
import { readModel } from './format/read-model';
import { writeModel } from './format/write-model';
import { Graph } from './graph/graph';

/** Shares of red, green and blue in a grey of the same brightness (ITU-R BT.601), as Pillow's conversion to "L" has it. */
const greyShares = Float32Array.of(0.299, 0.587, 0.114);

/** An image model for `@huggingface/transformers`. */
export interface TransformersModel {
  /** The ONNX file that belongs at `onnx/model.onnx`. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly height: number;
  readonly width: number;
  readonly classes: number;
}

/**
 * Gives an image model of `exportOnnx` the form that the image classification pipeline of `@huggingface/transformers`
 * (4.3) expects: `pixel_values` [n, 3, height, width] of 0 to 255 go in, for a grey network, too; `logits` come out whose
 * softmax are the calibrated probabilities, whatever the calibrator.
 *
 * @throws OnnxError if the model takes features, or the bytes are damaged
 */
export function forTransformers(bytes: Uint8Array): TransformersModel {
  const model = readModel(bytes);
  const [input] = model.inputs;
  const [, height, width, channels, ...more] = input?.dims ?? [];
  const classes = model.outputs.find(({ name }) => name === 'probabilities')?.dims[1];
  if (
    !input ||
    more.length > 0 ||
    (channels !== 1 && channels !== 3) ||
    ![height, width, classes].every((size) => typeof size === 'number')
  ) {
    throw new OnnxError(
      `The model takes ${input?.name ?? 'nothing'} [${input?.dims}]: @huggingface/transformers takes grey or coloured images of one size.`,
    );
  }
  const graph = new Graph();
  const turned = { perm: { ints: [0, 2, 3, 1] } };
  if (channels === 3) {
    graph.nodes.push(node('Transpose', ['pixel_values'], input.name, turned));
  } else {
    const coloured = graph.add('pixel_values/channels_last', 'Transpose', ['pixel_values'], turned);
    const shares = graph.constant('pixel_values/grey_shares', [3, 1], greyShares);
    graph.nodes.push(node('MatMul', [coloured, shares], input.name));
  }
  return {
    bytes: writeModel({
      ...model,
      nodes: [...graph.nodes, ...calibratedLogits(model)],
      constants: [...graph.constants, ...model.constants],
      inputs: [{ name: 'pixel_values', dims: ['n', 3, height!, width!] }],
    }),
    height: height as number,
    width: width as number,
    classes: classes as number,
  };
}

/** The model's nodes; where calibration isn't in the logits themselves, they become the logarithms of the probabilities. */
function calibratedLogits({ nodes }: OnnxModel): readonly OnnxNode[] {
  const last = nodes.find(({ outputs }) => outputs.includes('probabilities'));
  if (last?.op === 'Softmax' && last.inputs[0] === 'logits') return nodes;
  const rename = (name: string) => (name === 'logits' ? 'logits/uncalibrated' : name);
  const renamed = nodes.map((one) => ({
    ...one,
    name: rename(one.name),
    inputs: one.inputs.map(rename),
    outputs: one.outputs.map(rename),
  }));
  return [...renamed, node('Log', ['probabilities'], 'logits')];
}

function node(
  op: string,
  inputs: readonly string[],
  output: string,
  attributes: OnnxNode['attributes'] = {},
): OnnxNode {
  return { name: output, op, inputs, outputs: [output], attributes };
}
