import type { ReliabilityDiagram } from '@label-relaxation/metrics';
import { reliabilityDiagram } from '@label-relaxation/metrics';
import type { StudyRun } from '../src/runs';

let made = 0;

/** A run of the study, scored on test data unless said otherwise; later calls make newer runs. */
export function studyRun(parts: Partial<StudyRun> = {}): StudyRun {
  made++;
  return {
    runId: `run${made}`,
    parentRunId: null,
    startTime: made,
    dataset: 'mnist',
    model: 'simple_dense',
    loss: 'label_relaxation',
    alpha: 0.1,
    chosenBy: null,
    seed: 0,
    scored: 'test',
    calibration: null,
    settings: { epochs: '25' },
    accuracy: 0.98,
    ece: 0.01,
    nll: 0.06,
    brier: 0.03,
    refinement: 0.05,
    smooth_ece: 0.01,
    aurc: 0.002,
    coverage: null,
    set_size: null,
    ...parts,
  };
}

/** Accuracy and ECE of simple_dense on MNIST after the original's steps, seeds 0, 1, 2 and 42. */
const relaxed = [
  [0, 0.9832, 0.0029],
  [1, 0.984, 0.003],
  [2, 0.9832, 0.0025],
  [42, 0.981, 0.0035],
] as const;
const entropy = [
  [0, 0.984, 0.0102],
  [1, 0.986, 0.0087],
  [2, 0.9844, 0.0099],
  [42, 0.983, 0.0114],
] as const;

/** Two losses over four seeds, one seed of a third, and a search with its trials. */
export function exampleRuns(): StudyRun[] {
  const search = studyRun({ chosenBy: 'accuracy', alpha: 0.2, accuracy: 0.985, ece: 0.004 });
  return [
    ...relaxed.map(([seed, accuracy, ece]) => studyRun({ seed, accuracy, ece })),
    ...entropy.map(([seed, accuracy, ece]) =>
      studyRun({ loss: 'cross_entropy', alpha: 0, seed, accuracy, ece }),
    ),
    studyRun({ loss: 'cross_entropy', alpha: 0.1, seed: 0, accuracy: 0.9877, ece: 0.1067 }),
    search,
    ...[0.05, 0.1, 0.2].flatMap((alpha) =>
      [0, 1].map((seed) =>
        studyRun({
          scored: 'validation',
          parentRunId: search.runId,
          alpha,
          seed,
          ece: Math.abs(alpha - 0.1) / 10 + 0.003 + seed / 1000,
        }),
      ),
    ),
  ];
}

/** A score of three seeds of which one diverged, one whose runs all did, and a row that is whole. */
export function divergedRuns(): StudyRun[] {
  return [0, 1, 2].flatMap((seed) => [
    studyRun({
      seed,
      accuracy: 0.9 + seed / 100,
      ece: seed === 1 ? NaN : 0.01 + seed / 1000,
      nll: seed === 2 ? Infinity : 0.01,
      brier: -Infinity,
    }),
    studyRun({ seed, loss: 'focal', alpha: 2, accuracy: 0.9, ece: 0.02 + seed / 1000 }),
  ]);
}

/** A diagram of a two-class model that is overconfident by `by`. */
export function exampleDiagram(by: number, examples = 900): ReliabilityDiagram {
  const confidences = Array.from({ length: examples }, (_, i) => 0.51 + (0.489 * i) / examples);
  const right = confidences.map((confidence, i) => ((i * 0.618034) % 1) + by < confidence);
  return reliabilityDiagram(
    confidences.flatMap((confidence) => [confidence, 1 - confidence]),
    right.map((isRight) => (isRight ? 0 : 1)),
  );
}
