import { MetricsError } from '../errors';
import type { EventOptions, Events } from '../events/events';
import type { Counts, Measure } from '../measure/measure';
import { defineEventMeasure } from '../measure/measure';
import { fixedPoint } from './bandwidth';
import type { SmoothedParts } from './smoothed-residual';
import { SmoothedResidual } from './smoothed-residual';

/** Options of the smooth measures. */
export interface SmoothOptions extends EventOptions {
  /** Bandwidth of the kernel; the fixed point, at which the error is the bandwidth itself, unless given. */
  readonly bandwidth?: number;
}

/** Intervals of the mesh, and of the one for bandwidths below 16 of them. */
const usualMesh = 2 ** 13;
const fineMesh = 2 ** 16;

/** Bandwidths below it, 3e-5, are taken for it. */
const leastBandwidth = 2 / fineMesh;

function smooth(events: Events, counts: Counts, given: number | undefined): SmoothedParts {
  const onMesh = (mesh: number): { parts: SmoothedParts; bandwidth: number } => {
    const residual = new SmoothedResidual(events, counts, mesh);
    const bandwidth = Math.max(given ?? fixedPoint(residual, leastBandwidth), leastBandwidth);
    return { parts: residual.parts(bandwidth), bandwidth };
  };
  const { parts, bandwidth } = onMesh(usualMesh);
  return bandwidth < 16 / usualMesh ? onMesh(fineMesh).parts : parts;
}

function defineSmooth(name: string, valueOf: (parts: SmoothedParts) => number): Measure<SmoothOptions> {
  return defineEventMeasure<SmoothOptions>(name, (events, { bandwidth }) => {
    if (bandwidth !== undefined && !(bandwidth > 0 && bandwidth < Infinity)) {
      throw new MetricsError(`bandwidth is ${bandwidth}: expected a finite number above 0`);
    }
    return (counts) => valueOf(smooth(events, counts, bandwidth));
  });
}

/**
 * Smooth calibration error (Błasiok and Nakkiran 2023): the integral over [0, 1] of |r(t)|, where r is the residual confidence -
 * outcome smoothed by a Gaussian reflected at 0 and 1, of the bandwidth that equals the error. It has no bins, is never above the
 * mean of |c - outcome|, and equals |mean(c - outcome)| where r has one sign.
 *
 * This is the integral, to 1e-4 (in fact to about 1e-6). relplot, whom torch-uncertainty and probmetrics repeat to six digits, adds
 * up a mesh that counts what lies near 0 and 1 twice, so that sure predictions weigh too much, and finds the bandwidth to 1/1024.
 */
export const smoothCalibrationError = defineSmooth(
  'smoothCalibrationError',
  ({ over, under }) => over + under,
);

/** The part of the smooth calibration error where the smoothed confidence exceeds the outcome: overconfidence without bins. */
export const smoothOverconfidence = defineSmooth('smoothOverconfidence', ({ over }) => over);

/** The part of the smooth calibration error where the outcome exceeds the smoothed confidence: underconfidence without bins. */
export const smoothUnderconfidence = defineSmooth('smoothUnderconfidence', ({ under }) => under);
