import { evaluate } from '../../test/evaluate';
import { createLoss } from '../loss';

it.each([
  [[0.5, 0.3, 0.2], 0, 0.3],
  [[0.5, 0.3, 0.2], 1, 0.2],
  [[0.5, 0.3, 0.2], 2, 0],
  [[0.4, 0.4, 0.2], 0, 0.2],
])('takes for p = %j, y = %d the next probability %d', (p, label, next) => {
  const { values } = evaluate(createLoss('dual_focal', 2).perExample, [p.map(Math.log)], [label]);
  const own = p[label]!;
  expect(values[0]).toBeCloseTo(-((1 - own + next) ** 2) * Math.log(own), 6);
});
