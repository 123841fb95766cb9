import { runCommand, UsageError } from '@label-relaxation/experiments';
import { search } from './search';
import { parseSearch } from './study/studies';
import { work } from './queue/worker';

const usage = `npm run study-ho -- [flags]
npm run study-ho -- worker [--redis ADDRESS] [--parallel N] [--data_dir FOLDER] [--tracking_uri ADDRESS]

Searches the best alpha of a loss: trains with each value, scores it on validation data, then trains with the best one
and scores that on the test part. The same command again goes on where it stopped.
worker takes the trials of searches with --engine bullmq, until it is stopped.`;
const epilogue = `--loss_name, --model_name and --dataset_name take several names with commas between, and --seeds several seeds: each
combination is a study. Switches take True or False, or stand alone. A flag beats the hyper-parameter file, which
beats the default.`;

async function main(signal: AbortSignal): Promise<number> {
  const command = await parseSearch(process.argv.slice(2), usage, epilogue);
  const [word] = command.words;
  if (command.help !== null) {
    process.stdout.write(`${command.help}\n`);
    return 0;
  }
  if (word === 'worker') return work(command.given, signal);
  if (word !== undefined) {
    throw new UsageError(
      `"${word}" is nothing that study-ho does: flags begin with --, and --help lists them`,
    );
  }
  return search(command, signal);
}

void runCommand(main);
