import { tfjsOrder, tfjsPlaces } from '../graph/order';
import { activate } from './activation';
import { type Convert, refuse, setting } from './convert';

/** A dense layer. Of a flattened image with its channels first, the kernel's rows change places instead of the numbers. */
export const convertDense: Convert = (application, [input], graph) => {
  const { kernel, bias } = application.weights;
  if (kernel === undefined) refuse(application, 'it has no kernel');
  const [rows, units] = kernel.shape as [number, number];
  const value = input!.shape.length === 1 ? input! : tfjsOrder(graph, input!);
  if (value.shape.at(-1) !== rows) {
    refuse(application, `its kernel takes ${rows} numbers, it is given ${value.shape.at(-1)}`);
  }
  const placeOf = tfjsPlaces(value);
  const values = new Float32Array(kernel.values.length);
  for (let row = 0; row < rows; row++) {
    const from = placeOf(row) * units;
    values.set(kernel.values.subarray(from, from + units), row * units);
  }
  const { layer, output } = application;
  const factor = graph.constant(`${layer}/kernel`, kernel.shape, values);
  const added = bias && graph.constant(`${layer}/bias`, [units], bias.values);
  const name = `${output}/linear`;
  let result: string;
  if (value.shape.length === 1) {
    result = graph.add(name, 'Gemm', [value.name, factor, ...(added ? [added] : [])]);
  } else {
    result = graph.add(added ? `${name}/product` : name, 'MatMul', [value.name, factor]);
    if (added) result = graph.add(name, 'Add', [result, added]);
  }
  const linear = { name: result, shape: [...value.shape.slice(0, -1), units], channelsFirst: null };
  return activate(linear, setting(application, 'activation', 'linear'), application, graph);
};
