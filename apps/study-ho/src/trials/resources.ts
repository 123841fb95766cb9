import { availableParallelism, freemem } from 'node:os';
import type { Parameters } from '@label-relaxation/experiments';
import { networks } from '@label-relaxation/models/declarations';
import type { Study } from '../study/study';

/** Gigabytes that training a network takes; one of the user's own is taken for the largest. */
function gigabytesOf(model: Parameters['model_name']): number {
  const known = networks.find(({ name }) => name === model);
  return known?.gigabytes ?? Math.max(...networks.map(({ gigabytes }) => gigabytes));
}

/** What a machine has to perform trials with. */
export interface Machine {
  readonly cores: number;
  readonly freeBytes: number;
}

/** This machine, now. */
export function thisMachine(): Machine {
  return { cores: availableParallelism(), freeBytes: freemem() };
}

/**
 * How many trials to perform at a time: one a core, since a run alone never keeps all cores busy, but no more than there
 * are trials or than fit in the free memory.
 */
export function defaultParallel(studies: readonly Study[], { cores, freeBytes }: Machine): number {
  const trials = studies.reduce((sum, { alphas }) => sum + alphas.length, 0);
  const largest = Math.max(...studies.map(({ parameters }) => gigabytesOf(parameters.model_name)));
  return Math.max(1, Math.min(cores, trials, Math.floor(freeBytes / (largest * 2 ** 30))));
}
