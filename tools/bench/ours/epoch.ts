/**
 * The study's first epoch of simple_dense on MNIST, from the files to validated metrics. Prints the validation
 * accuracy as the last line.
 */
import { batches, loadDataset, meanImage, splitDataset } from '@label-relaxation/data';
import { createLoss } from '@label-relaxation/losses';
import { createModel } from '@label-relaxation/models';
import { createStep, fit } from '@label-relaxation/training';

const BATCH = 64;
const SEED = 0;

async function main(): Promise<void> {
  const data = await loadDataset('mnist');
  const { train, validation } = splitDataset({
    size: data.size,
    testShare: data.testShare,
    seed: SEED,
    testRun: false,
    tempScaling: false,
  });
  const step = await createStep({
    network: createModel('simple_dense', { inputShape: data.shape, classes: data.classes, seed: SEED }),
    loss: createLoss('cross_entropy', 0),
    optimizer: { momentum: 0.9, nesterov: true, decay: 1e-5, clipValue: 0 },
    data: { ...data, mean: meanImage(data, train) },
    seed: SEED,
    batchSize: BATCH,
  });
  const history = await fit(step, {
    batches: (epoch) => batches(train, BATCH, { seed: SEED, epoch }),
    stepsPerEpoch: Math.ceil(train.length / BATCH),
    epochs: 1,
    schedule: { initialRate: 0.05, steps: [], multiplier: 1 },
    validation,
  });
  process.stdout.write(`${history.epochs[0]!.validationAccuracy}\n`);
}

main().catch((error: Error) => {
  process.stderr.write(`${error.name}: ${error.message}\n`);
  process.exit(1);
});
