/** Logs points until it is killed, and prints the number of those whose call has returned. */
import { existsSync } from 'node:fs';
import { MlflowError, startRun } from '../../src/index';

interface Settings {
  trackingUri?: string;
  offline?: boolean;
  journalDir: string;
  experimentName: string;
  flushIntervalMs: number;
  /** A file that says, as long as it is there, that this process may send. */
  permit?: string;
}

async function main(settings: Settings): Promise<void> {
  const { permit } = settings;
  const beforeSend = () => {
    if (permit !== undefined && !existsSync(permit))
      throw new MlflowError('The permit is gone.', { retryable: true });
  };
  const run = await startRun({ ...settings, beforeSend });
  console.log(run.id);
  run.logParam('seed', 0);
  for (let step = 0; ; step += 1) {
    run.logMetrics({ loss: 1 / (step + 1), accuracy: step }, step);
    console.log(step);
    if (step % 50 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

void main(JSON.parse(process.argv[2] ?? '{}') as Settings);
