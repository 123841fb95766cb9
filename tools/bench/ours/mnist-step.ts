import { batches, loadDataset, meanImage, splitDataset } from '@label-relaxation/data';
import { createLoss } from '@label-relaxation/losses';
import { createModel } from '@label-relaxation/models';
import { createStep, type TrainingStep } from '@label-relaxation/training';

const BATCH = 64;
const SEED = 0;

/** simple_dense on MNIST, ready to train as the study does without a test run. */
export interface MnistTraining {
  readonly step: TrainingStep;
  readonly validation: Int32Array;
  readonly stepsPerEpoch: number;
  readonly batches: (epoch: number) => Iterable<Int32Array>;
}

/** Loads MNIST and compiles the step. */
export async function mnistTraining(): Promise<MnistTraining> {
  const data = await loadDataset('mnist');
  const { size, testShare } = data;
  const { train, validation } = splitDataset({
    size,
    testShare,
    seed: SEED,
    testRun: false,
    tempScaling: false,
  });
  const step = await createStep({
    network: createModel('simple_dense', { inputShape: data.shape, classes: data.classes, seed: SEED }),
    loss: createLoss('cross_entropy', 0),
    optimizer: { momentum: 0.9, nesterov: true, decay: 1e-5, clipValue: 0 },
    data: { ...data, mean: await meanImage(data, train) },
    seed: SEED,
    batchSize: BATCH,
  });
  return {
    step,
    validation: validation!,
    stepsPerEpoch: Math.ceil(train.length / BATCH),
    batches: (epoch) => batches(train, BATCH, { seed: SEED, epoch }),
  };
}
