import { avx512, half, input, N, passed, shown } from '../../../test/graphs';
import { DataType } from '../../binding';
import { graphOf } from '../../graph/graph-of';
import { opValue } from '../../graph/ops';
import { separateBiasGradients } from './separate-bias-gradients';

const gradient = (name: string, ...shape: (number | typeof N)[]) =>
  opValue(
    'BiasAddGrad',
    [input(name, shape)],
    { data_format: 'NHWC' },
    { dtype: DataType.float32, shape: [shape.at(-1)!] },
  );

it('sums few channels, and takes many as rows', () => {
  const before = graphOf({
    few: gradient('few', N, 4, 5, 16),
    many: gradient('many', N, 4, 5, 64),
    rows: gradient('rows', N, 64),
  });
  expect(shown(before).slice(0, 3)).toEqual([
    '%0 = BiasAddGrad(few) [16]',
    '%1 = BiasAddGrad(many) [64]',
    '%2 = BiasAddGrad(rows) [64]',
  ]);
  expect(passed(separateBiasGradients, before, avx512)).toEqual([
    '%0 = Sum(few, (0, 1, 2)) [16]',
    '%1 = Reshape(many, (-1, 64)) [20N, 64]',
    '%2 = BiasAddGrad(%1) [64]',
    '%3 = BiasAddGrad(rows) [64]',
    'few = %0',
    'many = %2',
    'rows = %3',
  ]);
  expect([avx512, half].map(separateBiasGradients.appliesTo)).toEqual([true, false]);
});
