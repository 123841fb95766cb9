import { anywhere, input, N, passed, shown } from '../../../test/graphs';
import { DataType } from '../../binding';
import type { Value } from '../../graph/graph';
import { graphOf } from '../../graph/graph-of';
import { constant, opValue } from '../../graph/ops';
import { type Size, times } from '../../graph/size';
import { inferredReshapes } from './inferred-reshapes';

/** A reshape as it is recorded, with its target computed. */
function recorded(x: Value, shape: readonly Size[]): Value {
  const target = constant(DataType.int32, [shape.length], shape);
  return opValue('Reshape', [x, target], {}, { dtype: DataType.float32, shape });
}

it('infers the one size that depends on the batch', () => {
  const x = input('x', [N, 2, 6]);
  const before = graphOf({
    y: recorded(x, [times(N, 4), 3]),
    square: recorded(input('square', [N, N]), [N, 1, N]),
    empty: recorded(input('empty', [N, 0]), [times(N, 2), 0]),
  });
  expect(shown(before)).toEqual([
    '%0 = Reshape(x, (4N, 3)) [4N, 3]',
    '%1 = Reshape(square, (N, 1, N)) [N, 1, N]',
    '%2 = Reshape(empty, (2N, 0)) [2N, 0]',
    'y = %0',
    'square = %1',
    'empty = %2',
  ]);
  expect(passed(inferredReshapes, before, anywhere).slice(0, 3)).toEqual([
    '%0 = Reshape(x, (-1, 3)) [4N, 3]',
    '%1 = Reshape(square, (N, 1, N)) [N, 1, N]',
    '%2 = Reshape(empty, (2N, 0)) [2N, 0]',
  ]);
});
