import type { Graph, Value } from '../graph/graph';
import { channelsFirst, tfjsOrder } from '../graph/order';
import { type Convert, refuse, setting } from './convert';

/** Values in one order: images with the channels first if any has them there, all else as tfjs has it. */
function inOneOrder(values: readonly Value[], graph: Graph): Value[] {
  const images = values.every(({ shape }) => shape.length === 3);
  const turned = values.some((value) => value.channelsFirst !== null);
  return values.map((value) => (images && turned ? channelsFirst(graph, value) : tfjsOrder(graph, value)));
}

const merge =
  (combine: (names: readonly string[], output: string, graph: Graph) => string): Convert =>
  (application, inputs, graph) => {
    if (inputs.some(({ shape }) => shape.join() !== inputs[0]!.shape.join())) {
      refuse(
        application,
        `it merges shapes that differ: ${inputs.map(({ shape }) => `[${shape}]`).join(', ')}`,
      );
    }
    const values = inOneOrder(inputs, graph);
    const names = values.map(({ name }) => name);
    return { ...values[0]!, name: combine(names, application.output, graph) };
  };

const all =
  (op: string) =>
  (names: readonly string[], output: string, graph: Graph): string =>
    graph.add(output, op, names);

/** Two at a time. */
const pairwise =
  (op: string) =>
  ([first, ...others]: readonly string[], output: string, graph: Graph): string =>
    others.reduce((sum, name) => graph.add(output, op, [sum, name]), first!);

export const convertAdd = merge(pairwise('Add'));
export const convertMultiply = merge(pairwise('Mul'));
export const convertAverage = merge(all('Mean'));
export const convertMaximum = merge(all('Max'));
export const convertMinimum = merge(all('Min'));

export const convertConcatenate: Convert = (application, inputs, graph) => {
  const values = inOneOrder(inputs, graph);
  const rank = values[0]!.shape.length;
  const axis = setting(application, 'axis', -1);
  if (axis !== -1 && axis !== rank) refuse(application, `its axis is ${axis}, not the last`);
  const sum = values.reduce((total, { shape }) => total + shape.at(-1)!, 0);
  const shape = [...values[0]!.shape.slice(0, -1), sum];
  const isTurned = values[0]!.channelsFirst !== null;
  const names = values.map(({ name }) => name);
  const name = graph.add(application.output, 'Concat', names, { axis: { int: isTurned ? 1 : rank } });
  return { name, shape, channelsFirst: isTurned ? shape : null };
};
