import { exampleScores as scores } from '../../test/example-scores';
import { studyNote } from './note';
import type { TrialOutcome } from './outcome';
import { resolveStudy } from './study';

const study = resolveStudy({ model_name: 'simple_dense', dataset_name: 'mnist' });
const finished = (alpha: number): TrialOutcome => ({
  alpha,
  runId: `r${alpha}`,
  status: 'FINISHED',
  scores,
  error: null,
});
const failed: TrialOutcome = { alpha: 0.4, runId: 'r0.4', status: 'FAILED', scores: null, error: 'NaN' };
const runUrl = (runId: string) => `http://there/#/runs/${runId}`;

describe('studyNote', () => {
  it('is a table of linked trials that marks the best and counts the failed', () => {
    const lines = studyNote(study, [finished(0.1), finished(0.2), failed], 0.2, runUrl).split('\n');
    expect(lines).toContain(
      '| [0.1](http://there/#/runs/r0.1) | 0.9877 | 0.0123 | 0.1000 | 0.0200 | finished |',
    );
    expect(lines).toContain('| [0.2](http://there/#/runs/r0.2) | 0.9877 | 0.0123 | 0.1000 | 0.0200 | best |');
    expect(lines).toContain('| [0.4](http://there/#/runs/r0.4) |  |  |  |  | failed |');
    expect(lines).toContain('| alpha | accuracy | ECE | NLL | Brier |  |');
    expect(lines).toContain('1 of 3 trials failed and had no part in the choice.');
    expect(lines).toContain('**alpha 0.2** has the highest accuracy on the validation part.');
  });

  it('has a column for the refinement where a trial has one', () => {
    const refined = { ...finished(0.1), scores: { ...scores, refinement: 0.5 } };
    const lines = studyNote(study, [refined, finished(0.2)], 0.2, runUrl).split('\n');
    expect(lines.slice(-4)).toEqual([
      '| alpha | accuracy | ECE | NLL | Brier | refinement |  |',
      '| --- | --- | --- | --- | --- | --- | --- |',
      '| [0.1](http://there/#/runs/r0.1) | 0.9877 | 0.0123 | 0.1000 | 0.0200 | 0.5000 | finished |',
      '| [0.2](http://there/#/runs/r0.2) | 0.9877 | 0.0123 | 0.1000 | 0.0200 |  | best |',
    ]);
  });

  it("keeps within MLflow's limit", () => {
    const many = Array.from({ length: 90 }, (_, index) => finished(index / 1000));
    const note = studyNote(study, many, null, runUrl);
    expect(note.length).toBeLessThanOrEqual(8000);
    expect(note).toContain('| 0.089 |');
    expect(
      studyNote(
        study,
        Array.from({ length: 900 }, () => failed),
        null,
        runUrl,
      ).length,
    ).toBeLessThanOrEqual(8000);
  });
});
