import { createModel } from '@label-relaxation/models';
import type { NetworkName } from '../networks';
import { benchNetworks } from '../networks';
import { stepWork } from './step-work';

/** Of the forward pass of one example, as TensorFlow's profiler has them of the peers' networks, products and convolutions alone. */
const forward = { simple_dense: 3_723_264, vgg: 626_927_616, resnet: 386_241_536, densenet: 502_251_912 };

it.each(Object.entries(forward))("counts %s's operations", (name, operations) => {
  const { inputShape } = benchNetworks[name as NetworkName];
  const model = createModel(name as NetworkName, { inputShape, classes: 10, seed: 0 });
  const work = stepWork(model.network, 64);
  const [first] = model.trainableVariables;
  const [results] = { simple_dense: [1024], vgg: [64 * 1024], resnet: [16 * 1024], densenet: [24 * 900] }[
    name as NetworkName
  ]!;
  const rows = first!.variable.size / first!.variable.shape.at(-1)!;
  expect(work.operations).toBe(64 * (3 * operations - 2 * rows * results!));
  expect(work.minimalOperations).toBeLessThanOrEqual(work.operations);
  model.dispose();
});

it('counts what passes through memory', () => {
  const model = createModel('simple_dense', { inputShape: [28, 28, 1], classes: 10, seed: 0 });
  const weights = 784 * 1024 + 1024 * 1024 + 1024 * 10;
  const results = 1024 + 1024 + 10;
  expect(stepWork(model.network, 64).bytes).toBe(4 * (4 * weights + 5 * 64 * results));
  model.dispose();
});
