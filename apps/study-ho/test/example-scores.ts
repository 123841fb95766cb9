import type { Scores } from '@label-relaxation/experiments';

/** Scores of a run of which no more was taken. */
export const exampleScores: Scores = {
  accuracy: 0.98765,
  ece: 0.01234,
  nll: 0.1,
  brier: 0.02,
  refinement: null,
  smooth_ece: null,
  aurc: null,
};
