import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { cacheFolder } from '@label-relaxation/data';
import type { PrecisionTimes } from '@label-relaxation/runtime';
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
  readonly time: () => Promise<PrecisionTimes>;
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
 * told. A few products and convolutions are timed at the first call on a kind of processor, and remembered in the cache folder, so
 * that a run that is gone on with keeps its format.
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
  const { float32, bfloat16 } = await timesOf(machine);
  if (isAuto) return settled(bfloat16 < float32 ? 'bfloat16' : 'float32');
  if (bfloat16 > tolerance * float32) {
    const ratio = (bfloat16 / float32).toFixed(2);
    const message =
      `bfloat16 is slower than float32 on this processor (products and convolutions take ${ratio} of the time): ` +
      'give --precision float32, or auto';
    onEvent?.({ type: 'warning', message });
  }
  return settled(precision);
}

async function timesOf({ file, time }: Machine): Promise<PrecisionTimes> {
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

function remembered(file: string): PrecisionTimes | null {
  try {
    const { float32, bfloat16 } = JSON.parse(readFileSync(file, 'utf8')) as PrecisionTimes;
    return float32 > 0 && bfloat16 > 0 ? { float32, bfloat16 } : null;
  } catch {
    return null;
  }
}
