/** `npm run bench`: how fast the study is, beside Keras and PyTorch. `--help` lists the flags. */
import { benchEpoch } from './epoch';
import { BenchError } from './errors';
import { parseFlags, usage } from './flags';
import type { PartContext } from './part';
import { peersPython } from './peers-environment';
import { benchSteps } from './steps';

async function main(args: readonly string[]): Promise<void> {
  const flags = parseFlags(args);
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const print = (text: string): void => void process.stdout.write(`${text}\n\n`);
  if (flags.help) {
    process.stdout.write(`${usage}\n`);
    return;
  }
  if (!flags.peers) say('Measuring without the peers (--no-peers): there are no ratios.');
  const context: PartContext = { flags, python: flags.peers ? await peersPython(say) : null, say };
  const results: Record<string, unknown> = {};
  for (const part of flags.parts) {
    switch (part) {
      case 'steps': {
        const { text, json } = await benchSteps(context);
        print(text);
        Object.assign(results, json);
        break;
      }
      case 'epoch': {
        const { text, json } = await benchEpoch(context);
        print(text);
        results['epoch'] = json;
        break;
      }
    }
  }
  if (flags.json) process.stdout.write(`${JSON.stringify(results)}\n`);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  const known = error instanceof BenchError;
  process.stderr.write(known ? `${error.message}\n` : `${(error as Error).stack}\n`);
  process.exit(known ? 2 : 1);
});
