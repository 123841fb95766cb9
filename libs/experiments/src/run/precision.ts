import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { cacheFolder, isPath } from '@label-relaxation/data';
import { type ModelName, networkOf } from '@label-relaxation/models/declarations';
import type { LayerKind, LayerTimes, PrecisionTimes } from '@label-relaxation/runtime';
import { hasBfloat16Kernels, timePrecisions } from '@label-relaxation/runtime';
import type { Parameters } from '../parameters/parameters';
import { writeWhole } from '../write-whole';
import type { PerformRunOptions } from './options';

/** Parameters whose number format is settled. */
export type SettledParameters = Parameters & { readonly precision: 'float32' | 'bfloat16' };

/** What is asked of the machine. */
export interface Machine {
  readonly hasKernels: boolean;
  /** Where the times are remembered. */
  readonly file: string;
  readonly time: () => Promise<LayerTimes>;
}

/** Each kind of processor and number of threads has times of its own. */
function thisMachine(): Machine {
  const { TF_NUM_INTRAOP_THREADS: threads = '' } = process.env;
  const processors = cpus();
  const kind = createHash('sha256')
    .update([processors[0]?.model, processors.length, threads, process.arch].join('\n'))
    .digest('hex');
  return {
    hasKernels: hasBfloat16Kernels(),
    file: join(cacheFolder(), 'precision', `${kind.slice(0, 16)}.json`),
    time: timePrecisions,
  };
}

/** How much longer bfloat16 must take before it is called slower: times vary by so much. */
const tolerance = 1.05;

/**
 * Parameters with the faster number format in place of `auto`. Where bfloat16 was asked for and is slower on this processor, that is
 * told. Dense layers and convolutions are timed at the first call on a kind of processor, and remembered in the cache folder, so that a
 * run that is gone on with keeps its format.
 */
export async function withPrecision(
  parameters: Parameters,
  { onEvent }: Pick<PerformRunOptions, 'onEvent'> = {},
  machine: Machine = thisMachine(),
): Promise<SettledParameters> {
  const { precision, eager } = parameters;
  const settled = (taken: 'float32' | 'bfloat16') => ({ ...parameters, precision: taken });
  if (precision === 'float32') return settled(precision);
  const isAuto = precision === 'auto';
  if (!machine.hasKernels || eager) return settled(isAuto ? 'float32' : precision);
  const kinds = layersOf(parameters);
  const times = await timesOf(machine);
  const took = (format: keyof PrecisionTimes) => kinds.reduce((sum, kind) => sum + times[kind][format], 0);
  const ratio = took('bfloat16') / took('float32');
  if (isAuto) return settled(ratio < 1 ? 'bfloat16' : 'float32');
  if (ratio > tolerance) {
    const layers = kinds.map((kind) => (kind === 'dense' ? 'dense layers' : 'convolutions')).join(' and ');
    const message =
      `bfloat16 is slower than float32 on this processor (${layers} take ${ratio.toFixed(2)} of the time): ` +
      'give --precision float32, or auto';
    onEvent?.({ type: 'warning', message });
  }
  return settled(precision);
}

/** What a network's step takes its time for; a network of the user's own may have either. */
function layersOf({ model_name }: Parameters): readonly LayerKind[] {
  if (isPath(model_name)) return ['dense', 'convolution'];
  return networkOf(model_name as ModelName).smallest === null ? ['dense'] : ['convolution'];
}

async function timesOf({ file, time }: Machine): Promise<LayerTimes> {
  const known = remembered(file);
  if (known !== null) return known;
  const times = await time();
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeWhole(file, JSON.stringify(times));
  } catch {
    // What cannot be remembered is timed again.
  }
  return times;
}

function remembered(file: string): LayerTimes | null {
  try {
    const { dense, convolution } = JSON.parse(readFileSync(file, 'utf8')) as LayerTimes;
    const isTimed = [dense, convolution].every(({ float32, bfloat16 }) => float32 > 0 && bfloat16 > 0);
    return isTimed ? { dense, convolution } : null;
  } catch {
    return null;
  }
}
