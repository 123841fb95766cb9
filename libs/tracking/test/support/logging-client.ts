/** Logs points until it is killed, and prints the number of those whose call has returned. */
import { startRun } from '../../src/index';

interface Settings {
  trackingUri?: string;
  offline?: boolean;
  journalDir: string;
  experimentName: string;
  flushIntervalMs: number;
}

async function main(settings: Settings): Promise<void> {
  const run = await startRun(settings);
  console.log(run.id);
  run.logParam('seed', 0);
  for (let step = 0; ; step += 1) {
    run.logMetrics({ loss: 1 / (step + 1), accuracy: step }, step);
    console.log(step);
    if (step % 50 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

void main(JSON.parse(process.argv[2] ?? '{}') as Settings);
