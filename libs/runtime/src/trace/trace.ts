import type { Graph } from '../graph/graph';
import { tf } from '../tensorflow';
import type { EntryPoint, FedInput, Shared, Table } from './entry-point';
import { generalise, TRACE_SIZES } from './generalise';
import { type NamedTensors, record } from './recorder';
import { toGraph } from './to-graph';

/** What a function computes, for any batch size if its inputs have one. */
export function trace({ inputs, fn }: EntryPoint, { variables, tables = {} }: Shared): Graph {
  const anySize = Object.values(inputs).some((input) => 'table' in input || input.shape.includes('batch'));
  const recordings = (anySize ? TRACE_SIZES : [1]).map((size) => {
    const samples: NamedTensors = {};
    for (const [name, input] of Object.entries(inputs)) {
      samples[name] =
        'table' in input ? someRows(tables[input.table]!, size, input.dtype) : zeros(input, size);
    }
    try {
      return record(fn, samples, variables);
    } finally {
      tf.dispose(samples);
    }
  });
  return toGraph(anySize ? generalise(recordings) : recordings[0]!);
}

function someRows({ values, shape }: Table, rows: number, dtype: 'float32' | 'int32'): tf.Tensor {
  const [available, ...rest] = shape as [number, ...number[]];
  const length = rest.reduce((product, size) => product * size, 1);
  const chosen = new Float32Array(rows * length);
  for (let row = 0; row < rows; row++) {
    const from = (row % available) * length;
    chosen.set(values.subarray(from, from + length), row * length);
  }
  return tf.tensor(dtype === 'int32' ? Int32Array.from(chosen) : chosen, [rows, ...rest], dtype);
}

function zeros({ dtype, shape }: FedInput, batch: number): tf.Tensor {
  return tf.zeros(
    shape.map((size) => (size === 'batch' ? batch : size)),
    dtype,
  );
}
