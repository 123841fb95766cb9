import type { TrialOutcome } from './outcome';
import { chooseBest } from './outcome';

const trial = (alpha: number, accuracy: number | null, ece = 0.1): TrialOutcome => ({
  alpha,
  runId: `run of ${alpha}`,
  status: accuracy === null ? 'FAILED' : 'FINISHED',
  scores: accuracy === null ? null : { accuracy, ece, nll: 1, brier: 1 },
  error: accuracy === null ? 'no luck' : null,
});

describe('chooseBest', () => {
  it('takes the highest accuracy, or the lowest ECE', () => {
    const trials = [trial(0.1, 0.9, 0.03), trial(0.2, 0.95, 0.05), trial(0.3, 0.93, 0.01)];
    expect(chooseBest(trials, false)?.alpha).toBe(0.2);
    expect(chooseBest(trials, true)?.alpha).toBe(0.3);
  });

  it('decides between equals by the other score, then by the smaller alpha', () => {
    expect(chooseBest([trial(0.1, 0.9, 0.03), trial(0.2, 0.9, 0.02)], false)?.alpha).toBe(0.2);
    expect(chooseBest([trial(0.1, 0.8, 0.02), trial(0.2, 0.9, 0.02)], true)?.alpha).toBe(0.2);
    expect(chooseBest([trial(0.2, 0.9), trial(0.1, 0.9)], false)?.alpha).toBe(0.1);
  });

  it('leaves out failed trials and takes one without a number last', () => {
    expect(chooseBest([trial(0.1, null), trial(0.2, 0.5)], false)?.alpha).toBe(0.2);
    expect(chooseBest([trial(0.1, 0.9, NaN), trial(0.2, 0.5, 0.4)], true)?.alpha).toBe(0.2);
    expect(chooseBest([trial(0.1, null)], false)).toBeNull();
  });

  it('does not reorder what it was given', () => {
    const trials = [trial(0.3, 0.1), trial(0.1, 0.9)];
    chooseBest(trials, false);
    expect(trials.map(({ alpha }) => alpha)).toEqual([0.3, 0.1]);
  });
});
