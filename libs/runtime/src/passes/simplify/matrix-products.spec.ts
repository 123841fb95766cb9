import { anywhere, input, N, passed, shown } from '../../../test/graphs';
import { DataType } from '../../binding';
import { graphOf } from '../../graph/graph-of';
import { opValue } from '../../graph/ops';
import { matrixProducts } from './matrix-products';

it('multiplies matrices, not batches of one', () => {
  const [a, b] = [input('a', [N, 3]), input('b', [5, 3])];
  const [c, d] = [input('c', [N, 2, 3]), input('d', [N, 3, 4])];
  const float = DataType.float32;
  const product = opValue(
    'BatchMatMulV2',
    [a, b],
    { adj_x: false, adj_y: true },
    { dtype: float, shape: [N, 5] },
  );
  const batch = opValue(
    'BatchMatMulV2',
    [c, d],
    { adj_x: false, adj_y: false },
    { dtype: float, shape: [N, 2, 4] },
  );
  const before = graphOf({ product, batch });
  expect(shown(before)).toEqual([
    '%0 = BatchMatMulV2(a, b) [N, 5]',
    '%1 = BatchMatMulV2(c, d) [N, 2, 4]',
    'product = %0',
    'batch = %1',
  ]);
  expect(passed(matrixProducts, before, anywhere, 'transpose_a', 'transpose_b')).toEqual([
    '%0 = MatMul(a, b) transpose_a=false transpose_b=true [N, 5]',
    '%1 = BatchMatMulV2(c, d) [N, 2, 4]',
    'product = %0',
    'batch = %1',
  ]);
});
