import { createRequire } from 'node:module';
import { places } from '../setup/places.cjs';
import { isOnGpu } from './device';
import { RuntimeError } from './errors';
import { instructionSets } from './processor';
import './tensorflow';

/** Names of our own TensorFlow ops (native). */
export const BATCH_NORM_FACTORS = 'LabelRelaxationBatchNormFactors';
export const BATCH_NORM_GRADIENT = 'LabelRelaxationBatchNormGradient';
export const CHANNEL_STATISTICS = 'LabelRelaxationChannelStatistics';
export const NORMALISE = 'LabelRelaxationNormalise';
export const DENSE_BACKWARD = 'LabelRelaxationDenseBackward';
export const CONVOLUTION = 'LabelRelaxationConvolution3x3';
export const FILTER_GRADIENT = 'LabelRelaxationConvolution3x3FilterGradient';
export const NORMALISED_PRODUCT = 'LabelRelaxationNormalisedProduct';
export const NORMALISED_PRODUCT_GRADIENT = 'LabelRelaxationNormalisedProductGradient';
export const UNIFORM = 'LabelRelaxationStatelessUniform';

// At once, since what is loaded takes memory until then that TensorFlow's library no longer needs (native/addon.cc).
const isLoaded = load();

/** How many floats our ops take at once. */
export type Lanes = 8 | 16;

/**
 * How many floats our ops are best told to take at once on this processor; null where there are none: set-up compiles them
 * for Linux on x64, the processor needs AVX2, and on a GPU TensorFlow's own ops are used. `LABEL_RELAXATION_LANES` chooses
 * otherwise, 8 or 16 floats, or 0 for none of our ops; what the processor doesn't have the ops refuse.
 */
export function nativeLanes(
  sets = instructionSets(),
  wanted = process.env['LABEL_RELAXATION_LANES'],
): Lanes | null {
  const isUsable = isLoaded && sets.has('avx2') && sets.has('fma') && !isOnGpu();
  if (wanted === undefined || wanted === '') return !isUsable ? null : sets.has('avx512f') ? 16 : 8;
  if (!['0', '8', '16'].includes(wanted)) {
    throw new RuntimeError(`LABEL_RELAXATION_LANES is "${wanted}": give 0, 8 or 16.`);
  }
  return isUsable && wanted !== '0' ? (Number(wanted) as Lanes) : null;
}

function load(): boolean {
  const { native } = places();
  if (native === null) return false;
  createRequire(__filename)(process.env['LABEL_RELAXATION_OPS'] ?? native.ops.file);
  return true;
}
