import { avx2, half, input, N } from '../../test/graphs';
import { DataType } from '../binding';
import { graphOf } from '../graph/graph-of';
import { elementwise, opValue } from '../graph/ops';
import { tf } from '../tensorflow';
import { compile } from '../program/program';
import { optimise, passes, passesOff } from './pipeline';
import { explain } from './report';

const [a, b] = [input('a', [N, 3]), input('b', [3, 5])];
const product = opValue(
  'BatchMatMulV2',
  [a, b],
  { adj_x: false, adj_y: false },
  { dtype: DataType.float32, shape: [N, 5] },
);
const graph = graphOf({ y: elementwise('Relu', product) });

it('has a name and a line for each pass, all different', () => {
  expect(new Set(passes.map(({ name }) => name)).size).toBe(passes.length);
  for (const { name, description } of passes) {
    expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/u);
    expect(description).toMatch(/^[^\n.]{10,130}$/u);
  }
});

it('tells what each pass changed in each function, and which did not run', () => {
  const functions = [
    { name: 'train', target: avx2, graph },
    { name: 'predict', target: half, graph },
  ];
  const { reports } = optimise(functions, new Set(['no-op-casts']));
  expect(reports).toHaveLength(2 * passes.length);
  const lines = explain(reports).split('\n');
  expect(lines.slice(0, 4)).toEqual([
    'train, float32',
    '  matrix-products          1 BatchMatMulV2 -> 1 MatMul',
    '  no-op-casts              off',
    '  inferred-reshapes        changes nothing',
  ]);
  expect(lines).toContain('  rounded-bfloat16         not for float32 on this machine');
  expect(lines).toContain('predict, bfloat16');
});

it('takes names of passes that are off, and no others', () => {
  expect([...passesOff('')]).toEqual([]);
  expect([...passesOff('winograd, shared-statistics')]).toEqual(['winograd', 'shared-statistics']);
  expect(() => passesOff('winograd,winogard')).toThrow(
    /^LABEL_RELAXATION_PASSES_OFF names no pass "winogard": there are matrix-products, no-op-casts, /u,
  );
});

it('compiles a program without the passes that are off, which says so', async () => {
  const results = [];
  for (const off of ['', 'matrix-products']) {
    process.env['LABEL_RELAXATION_PASSES_OFF'] = off;
    const program = await compile({
      variables: [],
      entries: {
        main: {
          inputs: { x: { dtype: 'float32', shape: ['batch', 2] } },
          fn: ({ x }) => ({ y: tf.matMul(x!, x!, false, true) }),
        },
      },
    });
    const [report] = program.passes;
    const { y } = program.run('main', { x: Float32Array.of(1, 2, 3, 4) });
    results.push([report!.state, report!.changes, Array.from(y!)]);
    program.dispose();
  }
  delete process.env['LABEL_RELAXATION_PASSES_OFF'];
  const y = [5, 11, 11, 25];
  expect(results).toEqual([
    ['on', { BatchMatMulV2: -1, MatMul: 1 }, y],
    ['off', {}, y],
  ]);
});
