import { createLoss } from '@label-relaxation/losses';
import { createModel } from '@label-relaxation/models';
import { createStep } from '@label-relaxation/training';
import { isLong } from '../../../tools/test/long';
import { distance, kerasReference, referenceData, startAsReference } from '../test/keras-reference';

/**
 * Rounding grows through batch-norm and rectifiers from step to step: what Keras itself gives from weights that differ
 * in their last bit, ten steps later, is what the deep networks are held to.
 */
const TOLERANCES = {
  simple_dense: { loss: 1e-4, median: 1e-5, most: 1e-5 },
  vgg: { loss: 3e-2, median: 2e-2, most: 0.1 },
  resnet: { loss: 1e-2, median: 2e-2, most: 0.1 },
  densenet: { loss: 1e-2, median: 2e-2, most: 0.1 },
};

describe.each(['simple_dense', 'vgg', 'resnet', 'densenet'] as const)('ten steps of %s', (name) => {
  const reference = kerasReference(name);
  const { shape, classes, batch, rates, momentum, decay } = reference;
  const tolerance = TOLERANCES[name];

  // Eager steps of the deep networks are seconds each.
  it.each(isLong || name === 'simple_dense' ? (['compiled', 'eager'] as const) : (['compiled'] as const))(
    'are those of Keras (%s)',
    async (kind) => {
      const model = createModel(name, { inputShape: shape, classes, seed: 0 });
      startAsReference(model);
      const warnings: string[] = [];
      const step = await createStep({
        network: model,
        loss: createLoss('cross_entropy', 0),
        optimizer: { momentum, nesterov: true, decay, clipValue: 0 },
        data: referenceData(reference),
        seed: 0,
        batchSize: batch,
        eager: kind === 'eager',
        onWarning: (message) => warnings.push(message),
      });
      expect({ kind: step.kind, warnings }).toEqual({ kind, warnings: [] });

      const half = reference.losses.length / 2;
      for (const [i, expected] of reference.losses.entries()) {
        const examples = Int32Array.from({ length: batch }, (_, k) => i * batch + k);
        const { loss } = await step.train(examples, rates[i < half ? 0 : 1]);
        expect(Math.abs(loss - expected)).toBeLessThan(tolerance.loss);
      }

      const { weights } = await step.readState();
      expect(weights.map((weight) => weight.name).sort()).toEqual(Object.keys(reference.changes).sort());
      const distances = weights
        .map((weight) => distance(weight, reference.changes[weight.name]!))
        .sort((a, b) => a - b);
      expect(distances[Math.floor(0.5 * distances.length)]).toBeLessThan(tolerance.median);
      expect(distances[Math.floor(0.9 * distances.length)]).toBeLessThan(tolerance.most);
      step.dispose();
      model.dispose();
    },
    300_000,
  );
});
