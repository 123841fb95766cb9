import { parseArgs } from 'node:util';
import { BenchError } from './errors';
import { type MeasureName, measureNames } from './metrics/rows';
import { type NetworkName, networkNames } from './networks';

/** The parts of the benchmark, in the order in which they run. */
export const partNames = [
  'steps',
  'bound',
  'epoch',
  'tracking',
  'search',
  'metrics',
  'data',
  'predict',
] as const;
export type PartName = (typeof partNames)[number];

export const precisionNames = ['float32', 'bfloat16'] as const;
export type Precision = (typeof precisionNames)[number];

export interface BenchFlags {
  readonly parts: readonly PartName[];
  readonly models: readonly NetworkName[];
  /** Types of the heavy computations; null for those in which this processor computes. */
  readonly precisions: readonly Precision[] | null;
  readonly measures: readonly MeasureName[];
  /** Whether the peers are measured beside us. */
  readonly peers: boolean;
  /** Whether one JSON object is written on the last line. */
  readonly json: boolean;
  /** How often each contender has its turn. */
  readonly rounds: number;
  /** About how long one turn of a contender lasts. */
  readonly seconds: number;
  /** Examples of a training step. */
  readonly batch: number;
  /** Images of a step of predict. */
  readonly images: number;
  readonly help: boolean;
}

export const usage = `Usage: npm run bench -- [${partNames.join('|')} ...] [flags]
Measures training steps, an epoch, tracking and the search beside Keras, PyTorch, JAX and MLflow's Python client, steps
beside what the processor allows, metrics beside the calibration libraries of Python, data of one's own beside tf.data
and torchvision, and predictions beside Python's onnxruntime.

  --models LIST      networks for steps, bound and predict, separated by commas: ${networkNames.join(', ')} (default: all)
  --precisions LIST  float32, bfloat16 (default: float32, and bfloat16 where the processor has AVX-512)
  --measures LIST    rows of metrics, separated by commas: ${measureNames.join(', ')} (default: all)
  --no-peers         measure ourselves alone; nothing is installed
  --rounds N         how often each contender has its turn (default: 5)
  --seconds S        about how long a turn lasts (default: 5)
  --batch N          examples of a training step (default: 64)
  --images N         images that predict takes at once (default: 10000; a large network takes minutes for them)
  --json             one JSON object on the last line
  --help             this text`;

/** Reads the command line; throws a BenchError that names the flag, what was wrong and what it takes. */
export function parseFlags(args: readonly string[]): BenchFlags {
  const { values, positionals } = split(args);
  return {
    parts: namesOf('The part of the benchmark', positionals, partNames),
    models: namesOf('--models', listOf(values.models ?? ''), networkNames),
    precisions:
      values.precisions === undefined
        ? null
        : namesOf('--precisions', listOf(values.precisions), precisionNames),
    measures: namesOf('--measures', listOf(values.measures ?? ''), measureNames),
    peers: !values['no-peers'],
    json: values.json ?? false,
    rounds: numberOf('--rounds', values.rounds ?? '5', true),
    seconds: numberOf('--seconds', values.seconds ?? '5', false),
    batch: numberOf('--batch', values.batch ?? '64', true),
    images: numberOf('--images', values.images ?? '10000', true),
    help: values.help ?? false,
  };
}

function split(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        models: { type: 'string' },
        precisions: { type: 'string' },
        measures: { type: 'string' },
        'no-peers': { type: 'boolean' },
        json: { type: 'boolean' },
        rounds: { type: 'string' },
        seconds: { type: 'string' },
        batch: { type: 'string' },
        images: { type: 'string' },
        help: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new BenchError(`${(error as Error).message.split(/\. |\n/u)[0]}; --help lists the flags.`);
  }
}

function listOf(text: string): string[] {
  return text.split(/[\s,]+/u).filter(Boolean);
}

/** The given names in the order of all names, each once; all of them where none is given. */
function namesOf<T extends string>(what: string, given: readonly string[], all: readonly T[]): T[] {
  const unknown = given.find((name) => !(all as readonly string[]).includes(name));
  if (unknown !== undefined)
    throw new BenchError(`${what} must be one of ${all.join(', ')}, not "${unknown}".`);
  return given.length === 0 ? [...all] : all.filter((name) => given.includes(name));
}

function numberOf(flag: string, text: string, whole: boolean): number {
  const value = text.trim() === '' ? NaN : Number(text);
  const fits = Number.isFinite(value) && value > 0 && (!whole || Number.isSafeInteger(value));
  if (!fits) throw new BenchError(`${flag} takes a ${whole ? 'whole ' : ''}number above 0, not "${text}".`);
  return value;
}
