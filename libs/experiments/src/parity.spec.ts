import { createLoss } from '@label-relaxation/losses';
import { createModel } from '@label-relaxation/models';
import { createStep } from '@label-relaxation/training';
import { distance, kerasReference, referenceData, startAsReference } from '../test/keras-reference';

describe.each(['simple_dense', 'vgg', 'resnet', 'densenet'] as const)('ten steps of %s', (name) => {
  const reference = kerasReference(name);
  const { shape, classes, batch, rates, momentum, decay } = reference;

  it.each(['compiled', 'eager'] as const)(
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

      const losses: number[] = [];
      for (let i = 0; i < reference.losses.length; i++) {
        const examples = Int32Array.from({ length: batch }, (_, k) => i * batch + k);
        losses.push((await step.train(examples, rates[i < 5 ? 0 : 1])).loss);
      }
      const { weights } = await step.readState();
      const d = weights
        .map((w) => [distance(w, reference.changes[w.name]!), w.name] as const)
        .sort((a, b) => a[0] - b[0]);
      process.stderr.write(
        `${name} ${kind} losses ${losses.map((l, i) => (l - reference.losses[i]!).toExponential(1)).join(' ')} changes ${[0.5, 0.75, 0.9, 0.95].map((q) => d[Math.floor(q * d.length)]![0].toExponential(1)).join(' ')} ${JSON.stringify(d.slice(-5))}\n`,
      );
      step.dispose();
      model.dispose();
    },
    120_000,
  );
});
