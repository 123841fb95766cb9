/**
 * Epochs of simple_dense on MNIST, by turns without and with a tracked run, as the study tracks one: the epoch's metrics
 * and the machine's load: tracked-epochs.ts TRACKING_URI EXPERIMENT_ID JOURNAL_FOLDER PAIRS
 *
 * Prints the seconds of the epochs as JSON: {"plain": [...], "tracked": [...]}
 */
import { startRun } from '@label-relaxation/tracking';
import { fit } from '@label-relaxation/training';
import { mnistTraining } from './mnist-step';

async function main([trackingUri, experimentId, journalDir, pairs]: readonly string[]): Promise<void> {
  const { step, ...training } = await mnistTraining();
  const schedule = { initialRate: 0.05, steps: [], multiplier: 1 };
  const train = () => fit(step, { ...training, epochs: 1, schedule });
  const plain = async (): Promise<number> => (await train()).epochs[0]!.seconds;
  const tracked = async (): Promise<number> => {
    const run = await startRun({ trackingUri, experimentId, journalDir, systemMetrics: true });
    const started = performance.now();
    const { loss, accuracy, validationLoss, validationAccuracy } = (await train()).epochs[0]!;
    run.logMetrics({ loss, accuracy, val_loss: validationLoss!, val_accuracy: validationAccuracy! });
    const seconds = (performance.now() - started) / 1000;
    await run.end();
    return seconds;
  };

  await plain();
  const seconds = { plain: [] as number[], tracked: [] as number[] };
  for (let pair = 0; pair < Number(pairs); pair += 1) {
    seconds.plain.push(await plain());
    seconds.tracked.push(await tracked());
  }
  process.stdout.write(`${JSON.stringify(seconds)}\n`);
}

main(process.argv.slice(2)).catch((error: Error) => {
  process.stderr.write(`${error.name}: ${error.message}\n`);
  process.exit(1);
});
