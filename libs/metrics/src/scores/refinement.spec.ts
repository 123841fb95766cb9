import { randomPredictions } from '../../test/random';
import { softmax } from '../inputs/softmax';
import type { Predictions } from '../inputs/types';
import { brierScore } from './brier';
import { negativeLogLikelihood } from './log-loss';
import type { LabelledPredictions } from './refinement';
import { refinement } from './refinement';

const { logits, labels } = randomPredictions(1, 600, 3, 1);
const sharp = { logits: logits.map((logit) => logit * 3) };
const logitsOf = (predictions: Predictions): Float64Array => (predictions as { logits: Float64Array }).logits;

/** Undoes the scaling above, whatever it is fitted on. */
const undo = () => (predictions: Predictions) => softmax(logitsOf(predictions), 3, 3);

describe('refinement', () => {
  it('is the loss after recalibration, and calibration what that takes off', () => {
    const { nll, brier } = refinement(sharp, labels, { recalibrate: undo });
    expect(nll.total).toBeCloseTo(negativeLogLikelihood(sharp, labels), 12);
    expect(nll.refinement).toBeCloseTo(negativeLogLikelihood({ logits }, labels), 12);
    expect(nll.calibration).toBeCloseTo(nll.total - nll.refinement, 12);
    expect(nll.calibration).toBeGreaterThan(0.1);
    expect(brier.total).toBeCloseTo(brierScore(sharp, labels), 12);
    expect(brier.refinement).toBeCloseTo(brierScore({ logits }, labels), 12);
  });

  it('fits on all folds but one, and tries on that one', () => {
    const seen: number[] = [];
    refinement(sharp, labels, {
      folds: 4,
      recalibrate: ({ labels: fitted, ...predictions }: LabelledPredictions) => {
        expect(fitted).toHaveLength(450);
        const known = new Set(logitsOf(predictions as Predictions));
        return (held) => {
          expect(logitsOf(held).some((logit) => known.has(logit))).toBe(false);
          seen.push(logitsOf(held).length / 3);
          return softmax(logitsOf(held), 3);
        };
      },
    });
    expect(seen).toEqual([150, 150, 150, 150]);
  });

  it('hands weights to the recalibration, and counts by them', () => {
    const weights = Float64Array.from(labels, (_, i) => (i < 300 ? 1 : 0));
    const recalibrate = ({ weights: given }: LabelledPredictions) => {
      expect(new Set(Array.from(given!))).toEqual(new Set([0, 1]));
      return undo();
    };
    const { nll } = refinement(sharp, labels, { recalibrate, weights });
    const half = { logits: logits.subarray(0, 900) };
    expect(nll.refinement).toBeCloseTo(negativeLogLikelihood(half, labels.subarray(0, 300)), 12);
  });

  it.each<[string, Partial<Parameters<typeof refinement>[2]>, RegExp]>([
    ['too many folds', { folds: 601 }, /folds is 601: expected a whole number from 2 to 600/],
    ['folds of other sizes', { folds: [0, 1] }, /2 folds for 600 labels/],
    ['one fold', { folds: new Uint8Array(600) }, /folds are all the same/],
    [
      'a recalibration that loses rows',
      { recalibrate: () => () => [1, 0, 0] },
      /gave 3 values for 120 examples/,
    ],
  ])('refuses %s', (_, options, message) => {
    expect(() => refinement(sharp, labels, { recalibrate: undo, ...options })).toThrow(message);
  });
});
