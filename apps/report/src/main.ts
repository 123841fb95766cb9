import { UsageError } from './errors';
import { parseOptions } from './options';
import { outcomeJson, outcomeText } from './outcome';
import { runReport } from './run-report';

const signalCodes = { SIGINT: 130, SIGTERM: 143 } as const;

/** Makes the report; gives the exit code: 0, 2 for flags that make no sense, 1 for any other error, 128 + n for signal n. */
async function main(): Promise<number> {
  const controller = new AbortController();
  let stopped: number | null = null;
  for (const [name, code] of Object.entries(signalCodes)) {
    process.once(name, () => {
      stopped = code;
      controller.abort(new Error(`stopped by ${name}`));
    });
  }
  try {
    const options = await parseOptions(process.argv.slice(2));
    if (typeof options === 'string') {
      process.stdout.write(`${options}\n`);
      return 0;
    }
    const outcome = await runReport(options, controller.signal, (line) => process.stderr.write(`${line}\n`));
    process.stdout.write(options.json ? `${JSON.stringify(outcomeJson(outcome))}\n` : outcomeText(outcome));
    return 0;
  } catch (error) {
    const { message } = error as Error;
    process.stderr.write(`${message.split('\n')[0]}\n`);
    return stopped ?? (error instanceof UsageError ? 2 : 1);
  }
}

void main().then((code) => {
  process.exitCode = code;
});
