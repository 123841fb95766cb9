import { createRequire } from 'node:module';
import { places } from '../setup/places.cjs';
import { instructionSets } from './processor';
import './tensorflow';

/** Names of our own TensorFlow ops (native). */
export const DENSE_BACKWARD = 'LabelRelaxationDenseBackward';
export const CONVOLUTION = 'LabelRelaxationConvolution3x3';
export const FILTER_GRADIENT = 'LabelRelaxationConvolution3x3FilterGradient';
export const UNIFORM = 'LabelRelaxationStatelessUniform';

// At once, since what is loaded takes memory until then that TensorFlow's library no longer needs (native/addon.cc).
const isLoaded = load();

/** How many floats our ops take at once. */
export type Lanes = 8 | 16;

/**
 * How many floats our ops are best told to take at once on this processor; null where there are none: set-up compiles them
 * for Linux on x64, and the processor needs AVX2.
 */
export function nativeLanes(sets = instructionSets()): Lanes | null {
  if (!isLoaded || !sets.has('avx2') || !sets.has('fma')) return null;
  return sets.has('avx512f') ? 16 : 8;
}

function load(): boolean {
  const { ops } = places();
  if (ops === null) return false;
  createRequire(__filename)(ops);
  return true;
}
