/** `npm run bench`: how fast the study is, beside Keras and PyTorch, and `metrics` beside the libraries of Python. `--help` lists the flags. */
import { benchBound } from './bound';
import { benchData } from './data/data';
import { benchEpoch } from './epoch';
import { BenchError } from './errors';
import { parseFlags, type PartName, usage } from './flags';
import { benchMetrics } from './metrics/metrics';
import type { PartContext, PartResult } from './part';
import { peersPython } from './peers-environment';
import { benchPredict } from './predict';
import { benchSearch } from './search/search';
import { benchSteps } from './steps';
import { benchTrackingPart } from './tracking';

const parts: Readonly<Record<PartName, (context: PartContext) => Promise<PartResult<object>>>> = {
  steps: benchSteps,
  bound: benchBound,
  epoch: benchEpoch,
  tracking: benchTrackingPart,
  search: benchSearch,
  metrics: benchMetrics,
  data: benchData,
  predict: benchPredict,
};

async function main(args: readonly string[]): Promise<void> {
  const flags = parseFlags(args);
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  if (flags.help) {
    process.stdout.write(`${usage}\n`);
    return;
  }
  if (!flags.peers) say('Measuring without the peers (--no-peers): there are no ratios.');
  const python: PartContext['python'] = async (peers) => (flags.peers ? peersPython(peers, say) : null);
  const context: PartContext = { flags, python, say };
  const results: Record<string, unknown> = {};
  for (const part of flags.parts) {
    const { text, json } = await parts[part](context);
    process.stdout.write(`${text}\n\n`);
    // The steps' lists stand beside the other parts, not below a name of their own.
    Object.assign(results, part === 'steps' ? json : { [part]: json });
  }
  if (flags.json) process.stdout.write(`${JSON.stringify(results)}\n`);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  const known = error instanceof BenchError;
  process.stderr.write(known ? `${error.message}\n` : `${(error as Error).stack}\n`);
  process.exit(known ? 2 : 1);
});
