import { anywhere, avx2, half, input, passed, shown } from '../../test/graphs';
import { DataType } from '../binding';
import { graphOf } from '../graph/graph-of';
import { ints, opValue } from '../graph/ops';
import { nativeUniform } from './native-uniform';

it('draws by our own op what is float32', () => {
  const seed = input('seed', [2], DataType.int32);
  const int32 = { type: DataType.int32 };
  const drawn = (dtype: number) =>
    opValue(
      'StatelessRandomUniform',
      [ints(3, 5), seed],
      { dtype: { type: dtype }, T: int32, Tseed: int32 },
      { dtype, shape: [3, 5] },
    );
  const before = graphOf({ y: drawn(DataType.float32), half: drawn(DataType.bfloat16) });
  expect(shown(before).slice(0, 2)).toEqual([
    '%0 = StatelessRandomUniform((3, 5), seed) [3, 5]',
    '%1 = StatelessRandomUniform((3, 5), seed) bfloat16 [3, 5]',
  ]);
  expect(passed(nativeUniform, before, avx2).slice(0, 2)).toEqual([
    '%0 = LabelRelaxationStatelessUniform((3, 5), seed) [3, 5]',
    '%1 = StatelessRandomUniform((3, 5), seed) bfloat16 [3, 5]',
  ]);
});

it('is for machines with our ops, in either precision', () => {
  expect([avx2, half, anywhere].map(nativeUniform.appliesTo)).toEqual([true, true, false]);
});
