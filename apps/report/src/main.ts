import { ensureTrackingServer, runCommand } from '@label-relaxation/experiments';
import { parseOptions } from './options';
import { outcomeJson, outcomeText } from './outcome';
import { runReport } from './run-report';
import { runSimplex } from './simplex/run-simplex';

async function main(signal: AbortSignal): Promise<number> {
  const words = process.argv.slice(2);
  if (words[0] === 'simplex') {
    process.stdout.write(`${await runSimplex(words.slice(1))}\n`);
    return 0;
  }
  const options = await parseOptions(words);
  if (typeof options === 'string') {
    process.stdout.write(`${options}\n`);
    return 0;
  }
  await ensureTrackingServer(options.trackingUri, signal);
  const outcome = await runReport(options, signal, (line) => process.stderr.write(`${line}\n`));
  process.stdout.write(options.json ? `${JSON.stringify(outcomeJson(outcome))}\n` : outcomeText(outcome));
  return 0;
}

void runCommand(main);
