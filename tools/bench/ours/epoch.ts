/**
 * The study's first epoch of simple_dense on MNIST, from the files to validated metrics. Prints the validation
 * accuracy as the last line.
 */
import { fit } from '@label-relaxation/training';
import { mnistTraining } from './mnist-step';

async function main(): Promise<void> {
  const { step, ...training } = await mnistTraining();
  const schedule = { initialRate: 0.05, steps: [], multiplier: 1 };
  const { epochs } = await fit(step, { ...training, epochs: 1, schedule });
  process.stdout.write(`${epochs[0]!.validationAccuracy}\n`);
}

main().catch((error: Error) => {
  process.stderr.write(`${error.name}: ${error.message}\n`);
  process.exit(1);
});
