import { OnnxError } from '../errors';
import type { Graph, Value } from '../graph/graph';
import { tfjsOrder } from '../graph/order';
import type { Application } from '../network/network';
import { type Convert, refuse, setting } from './convert';

type Add = (x: string, name: string, graph: Graph) => string;

const node =
  (op: string, attributes: Readonly<Record<string, { float: number }>> = {}): Add =>
  (x, name, graph) =>
    graph.add(name, op, [x], attributes);

/** tfjs's activations by their names without underscores. Each number is computed by itself. */
const ACTIVATIONS: Readonly<Record<string, Add>> = {
  linear: (x) => x,
  relu: node('Relu'),
  relu6: (x, name, graph) => clipped(x, name, graph, 6),
  elu: node('Elu'),
  selu: node('Selu'),
  sigmoid: node('Sigmoid'),
  hardsigmoid: node('HardSigmoid', { alpha: { float: 0.2 }, beta: { float: 0.5 } }),
  softplus: node('Softplus'),
  softsign: node('Softsign'),
  tanh: node('Tanh'),
  swish: (x, name, graph) => graph.add(name, 'Mul', [x, graph.add(`${name}/sigmoid`, 'Sigmoid', [x])]),
  mish: (x, name, graph) => {
    const softplus = graph.add(`${name}/softplus`, 'Softplus', [x]);
    return graph.add(name, 'Mul', [x, graph.add(`${name}/tanh`, 'Tanh', [softplus])]);
  },
  gelu: (x, name, graph) => {
    const scaled = graph.add(`${name}/scaled`, 'Mul', [x, graph.scalar(`${name}/root`, Math.SQRT1_2)]);
    const erf = graph.add(`${name}/erf`, 'Erf', [scaled]);
    const share = graph.add(`${name}/share`, 'Add', [erf, graph.scalar(`${name}/one`, 1)]);
    const half = graph.add(`${name}/half`, 'Mul', [x, graph.scalar(`${name}/factor`, 0.5)]);
    return graph.add(name, 'Mul', [half, share]);
  },
};

/** Adds an activation by its name to a value. */
export function activate(value: Value, activation: string, application: Application, graph: Graph): Value {
  const key = activation.replaceAll('_', '').toLowerCase();
  if (key === 'softmax') return softmax(value, application, graph);
  if (!Object.hasOwn(ACTIVATIONS, key)) refuse(application, `the activation ${activation} is not known`);
  return { ...value, name: ACTIVATIONS[key]!(value.name, application.output, graph) };
}

/** Softmax over the classes or channels, wherever they are. */
function softmax(value: Value, application: Application, graph: Graph): Value {
  const axis = setting(application, 'axis', -1);
  if (axis !== -1 && axis !== value.shape.length) refuse(application, `its axis is ${axis}, not the last`);
  const isFlat = value.shape.length === 1;
  const ordered = isFlat ? tfjsOrder(graph, value) : value;
  const place = !isFlat && ordered.channelsFirst !== null ? 1 : -1;
  return {
    ...ordered,
    name: graph.add(application.output, 'Softmax', [ordered.name], { axis: { int: place } }),
  };
}

/** min(max(x, 0), highest). */
function clipped(x: string, name: string, graph: Graph, highest: number): string {
  const bounds = [graph.scalar(`${name}/lowest`, 0), graph.scalar(`${name}/highest`, highest)];
  return graph.add(name, 'Clip', [x, ...bounds]);
}

/** An activation that is a layer. */
export const convertActivation: Convert = (application, [value], graph) =>
  activate(value!, setting(application, 'activation', 'linear'), application, graph);

export const convertSoftmax: Convert = (application, [value], graph) => softmax(value!, application, graph);

export const convertRelu: Convert = (application, [value], graph) => {
  const highest = setting<number | null>(application, 'max_value', null);
  const name =
    highest === null
      ? graph.add(application.output, 'Relu', [value!.name])
      : clipped(value!.name, application.output, graph, highest);
  return { ...value!, name };
};

export const convertLeakyRelu: Convert = (application, [value], graph) => {
  const alpha = { float: setting(application, 'alpha', 0.3) };
  return { ...value!, name: graph.add(application.output, 'LeakyRelu', [value!.name], { alpha }) };
};

export const convertElu: Convert = (application, [value], graph) => {
  const alpha = { float: setting(application, 'alpha', 1) };
  return { ...value!, name: graph.add(application.output, 'Elu', [value!.name], { alpha }) };
};

export const convertThresholdedRelu: Convert = (application, [value], graph) => {
  const alpha = { float: setting(application, 'theta', 1) };
  return { ...value!, name: graph.add(application.output, 'ThresholdedRelu', [value!.name], { alpha }) };
};

/** A layer that does nothing in inference, such as dropout. */
export const convertIdentity: Convert = (_, [value]) => {
  if (value === undefined) throw new OnnxError('A layer without input cannot be exported to ONNX.');
  return value;
};
