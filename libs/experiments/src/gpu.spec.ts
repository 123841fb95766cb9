import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLoss } from '@label-relaxation/losses';
import { createModel, MODEL_NAMES, type ModelName } from '@label-relaxation/models';
import { tf } from '@label-relaxation/runtime';
import { createStep } from '@label-relaxation/training';
import { gpuGraph, type LoadedNode } from '../../../tools/test/gpu-graph';
import { isLong } from '../../../tools/test/long';

/** For which types each op has a kernel on GPUs; see tools/fixtures/runtime/gpu_kernels.py. */
const kernels = JSON.parse(
  readFileSync(join(__dirname, '../../../tools/fixtures/runtime/gpu_kernels.json'), 'utf8'),
) as Record<string, string[]>;

const typeNames: Record<number, string> = {
  1: 'float32',
  3: 'int32',
  4: 'uint8',
  9: 'int64',
  10: 'bool',
  14: 'bfloat16',
  20: 'resource',
};

function hasKernel({ op, types }: LoadedNode): boolean {
  return (kernels[op] ?? []).some((kernel) =>
    kernel
      .split(',')
      .filter((constraint) => constraint !== '')
      .every((constraint) => {
        const [attribute, allowed] = constraint.split('=') as [string, string];
        return allowed.split('|').includes(typeNames[types[attribute]!]!);
      }),
  );
}

/** The graph in which a network is trained and evaluated on a GPU. */
function graphOf(name: ModelName, precision: 'float32' | 'bfloat16'): Promise<LoadedNode[]> {
  const shape: [number, number, number] = name === 'simple_dense' ? [28, 28, 1] : [32, 32, 3];
  const pixels = shape[0] * shape[1] * shape[2];
  return gpuGraph(tf.backend(), async () => {
    const network = createModel(name, { inputShape: shape, classes: 10, seed: 0 });
    const step = await createStep({
      network,
      loss: createLoss('label_relaxation', 0.1),
      optimizer: { momentum: 0.9, nesterov: true, decay: 1e-5, clipValue: 1 },
      data: {
        inputs: new Uint8Array(4 * pixels),
        labels: Uint8Array.of(0, 1, 2, 3),
        shape,
        mean: new Float32Array(pixels),
      },
      augmentation: name === 'simple_dense' ? null : { shift: 0.1, flip: true },
      seed: 0,
      batchSize: 2,
      precision,
    });
    step.dispose();
    network.dispose();
  });
}

it('tells what has no kernel on GPUs', () => {
  const variable = (type: number): LoadedNode => ({
    name: 'labels',
    op: 'VarHandleOp',
    types: { dtype: type },
  });
  expect([1, 4, 3].map((type) => hasKernel(variable(type)))).toEqual([true, true, false]);
  expect(hasKernel({ name: 'ours', op: 'LabelRelaxationStatelessUniform', types: {} })).toBe(false);
});

describe.each(MODEL_NAMES)('%s on a GPU', (name) => {
  const precisions = isLong || name === 'vgg' ? (['float32', 'bfloat16'] as const) : (['float32'] as const);
  it.each(precisions)('has a kernel for each op in %s', async (precision) => {
    const nodes = await graphOf(name, precision);
    const ops = nodes.map(({ op }) => op);
    expect(ops).toContain('ResourceApplyKerasMomentum');
    expect(ops).toContain('ResourceGather');
    expect(ops.filter((op) => op.startsWith('LabelRelaxation'))).toEqual([]);
    const without = nodes.filter((node) => !hasKernel(node));
    expect(without.map(({ name, op, types }) => `${op} ${name} ${JSON.stringify(types)}`)).toEqual([]);
  });
});
