import { exampleScores } from '../../test/example-scores';
import type { TrialOutcome } from './outcome';
import { chooseBest } from './outcome';

const trial = (alpha: number, accuracy: number | null, ece = 0.1): TrialOutcome => ({
  alpha,
  runId: `run of ${alpha}`,
  status: accuracy === null ? 'FAILED' : 'FINISHED',
  scores: accuracy === null ? null : { ...exampleScores, accuracy, ece, nll: 1 + alpha, brier: 1 - alpha },
  error: accuracy === null ? 'no luck' : null,
});

describe('chooseBest', () => {
  it('takes the highest accuracy, or what is lowest of the others', () => {
    const trials = [trial(0.1, 0.9, 0.03), trial(0.2, 0.95, 0.05), trial(0.3, 0.93, 0.01)];
    expect(chooseBest(trials, 'accuracy')?.alpha).toBe(0.2);
    expect(chooseBest(trials, 'ece')?.alpha).toBe(0.3);
    expect(chooseBest(trials, 'nll')?.alpha).toBe(0.1);
    expect(chooseBest(trials, 'brier')?.alpha).toBe(0.3);
  });

  it('takes the lowest refinement, and a trial without one last', () => {
    const refined = (alpha: number, refinement: number | null) => {
      const base = trial(alpha, 0.9);
      return { ...base, scores: { ...base.scores!, refinement } };
    };
    const trials = [refined(0.1, null), refined(0.2, 0.5), refined(0.3, 0.4)];
    expect(chooseBest(trials, 'refinement')?.alpha).toBe(0.3);
    expect(chooseBest([trials[0]!, trials[1]!], 'refinement')?.alpha).toBe(0.2);
  });

  it('decides between equals by the other score, then by the smaller alpha', () => {
    expect(chooseBest([trial(0.1, 0.9, 0.03), trial(0.2, 0.9, 0.02)], 'accuracy')?.alpha).toBe(0.2);
    expect(chooseBest([trial(0.1, 0.8, 0.02), trial(0.2, 0.9, 0.02)], 'ece')?.alpha).toBe(0.2);
    expect(chooseBest([trial(0.2, 0.9), trial(0.1, 0.9)], 'accuracy')?.alpha).toBe(0.1);
  });

  it('leaves out failed trials and takes one without a number last', () => {
    expect(chooseBest([trial(0.1, null), trial(0.2, 0.5)], 'accuracy')?.alpha).toBe(0.2);
    expect(chooseBest([trial(0.1, 0.9, NaN), trial(0.2, 0.5, 0.4)], 'ece')?.alpha).toBe(0.2);
    expect(chooseBest([trial(0.1, null)], 'accuracy')).toBeNull();
  });

  it('decides between scores that diverged alike by the rest', () => {
    for (const odd of [NaN, Infinity]) {
      const trials = [trial(0.3, 0.9, odd), trial(0.2, 0.9, odd), trial(0.4, 0.8, odd)];
      expect(chooseBest(trials, 'ece')?.alpha).toBe(0.2);
      expect(chooseBest([...trials, trial(0.5, 0.1, 0.9)], 'ece')?.alpha).toBe(0.5);
    }
  });

  it('does not reorder what it was given', () => {
    const trials = [trial(0.3, 0.1), trial(0.1, 0.9)];
    chooseBest(trials, 'accuracy');
    expect(trials.map(({ alpha }) => alpha)).toEqual([0.3, 0.1]);
  });
});
