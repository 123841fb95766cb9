import { batches, loadDataset, meanImage, splitDataset } from '@label-relaxation/data';
import { createLoss } from '@label-relaxation/losses';
import { accuracy, expectedCalibrationError, softmax } from '@label-relaxation/metrics';
import { createModel } from '@label-relaxation/models';
import { createStep, fit } from '@label-relaxation/training';

async function main(): Promise<void> {
  const mnist = await loadDataset('mnist');
  const { train, test } = splitDataset({ ...mnist, seed: 0, testRun: true, tempScaling: false });
  const network = createModel('simple_dense', { inputShape: mnist.shape, classes: mnist.classes, seed: 0 });
  const loss = createLoss('label_relaxation', 0.1);
  const optimizer = { momentum: 0.9, nesterov: true, decay: 1e-5, clipValue: 0 };
  const data = { ...mnist, mean: await meanImage(mnist, train) };
  const step = await createStep({ network, loss, optimizer, data, seed: 0, batchSize: 64 });
  const schedule = { initialRate: 0.05, steps: [], multiplier: 1 };
  const stepsPerEpoch = Math.ceil(train.length / 64);
  await fit(step, {
    batches: (epoch) => batches(train, 64, { seed: 0, epoch }),
    stepsPerEpoch,
    epochs: 1,
    schedule,
  });
  const probabilities = softmax(await step.logits(test), mnist.classes);
  const labels = Uint8Array.from(test, (example) => mnist.labels[example]!);
  console.log(accuracy(probabilities, labels), expectedCalibrationError(probabilities, labels));
}

void main();
