import { anywhere, input, N, passed, shown } from '../../../test/graphs';
import { DataType } from '../../binding';
import { valueOf } from '../../graph/graph';
import { graphOf } from '../../graph/graph-of';
import { cast, elementwise, makeOp } from '../../graph/ops';
import { noOpCasts } from './no-op-casts';

it('leaves out casts from a type to itself, and no others', () => {
  const x = input('x', [N]);
  const float = { type: DataType.float32 };
  const same = valueOf(makeOp('Cast', [x], { SrcT: float, DstT: float }, x.node.outputs));
  const before = graphOf({ y: elementwise('Exp', same), whole: cast(x, DataType.int32), x: same });
  expect(shown(before)).toEqual([
    '%0 = Cast(x) [N]',
    '%1 = Exp(%0) [N]',
    '%2 = Cast(x) int32 [N]',
    'y = %1',
    'whole = %2',
    'x = %0',
  ]);
  expect(passed(noOpCasts, before, anywhere)).toEqual([
    '%0 = Exp(x) [N]',
    '%1 = Cast(x) int32 [N]',
    'y = %0',
    'whole = %1',
    'x = x',
  ]);
});
