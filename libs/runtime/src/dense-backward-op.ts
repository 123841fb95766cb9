import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { instructionSets } from './processor';
import './tensorflow';

/** The name of our own TensorFlow op (native/dense_backward.cc). */
export const DENSE_BACKWARD = 'LabelRelaxationDenseBackward';

let isLoaded: boolean | null = null;

/**
 * How many floats the op is best told to take at once on this processor; null where there is no such op: set-up compiles
 * it for Linux on x64, and the processor needs AVX2.
 */
export function denseBackwardLanes(sets = instructionSets()): 8 | 16 | null {
  if (!sets.has('avx2') || !sets.has('fma')) return null;
  isLoaded ??= load();
  if (!isLoaded) return null;
  return sets.has('avx512f') ? 16 : 8;
}

function load(): boolean {
  const require = createRequire(__filename);
  const tfjs = dirname(require.resolve('@tensorflow/tfjs-node/package.json'));
  const addon = join(tfjs, 'lib', 'dense_backward.node');
  if (!existsSync(addon)) return false;
  require(addon);
  return true;
}
