import { avx2, half, input, N, passed, shown } from '../../../test/graphs';
import { DataType } from '../../binding';
import { graphOf } from '../../graph/graph-of';
import { cast, elementwise, matMul } from '../../graph/ops';
import { roundedBfloat16 } from './rounded-bfloat16';

it('rounds what goes into bfloat16 and what is computed there, but for what is exact', () => {
  const [x, w] = ['x', 'w'].map((name) => cast(input(name, [N, N]), DataType.bfloat16));
  const before = graphOf({ y: cast(elementwise('Relu', matMul(x!, w!)), DataType.float32) });
  expect(shown(before)).toEqual([
    '%0 = Cast(x) bfloat16 [N, N]',
    '%1 = Cast(w) bfloat16 [N, N]',
    '%2 = MatMul(%0, %1) bfloat16 [N, N]',
    '%3 = Relu(%2) bfloat16 [N, N]',
    '%4 = Cast(%3) [N, N]',
    'y = %4',
  ]);
  expect(passed(roundedBfloat16, before, half)).toEqual([
    '%0 = Cast(x) bfloat16 [N, N]',
    '%1 = Cast(%0) [N, N]',
    '%2 = Cast(w) bfloat16 [N, N]',
    '%3 = Cast(%2) [N, N]',
    '%4 = MatMul(%1, %3) [N, N]',
    '%5 = Cast(%4) bfloat16 [N, N]',
    '%6 = Cast(%5) [N, N]',
    '%7 = Relu(%6) [N, N]',
    'y = %7',
  ]);
});

it('is for bfloat16 without kernels', () => {
  const without = { ...avx2, precision: 'bfloat16' } as const;
  expect([avx2, half, without].map(roundedBfloat16.appliesTo)).toEqual([false, false, true]);
});
