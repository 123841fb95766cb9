import { predictedBy } from '../scored-model';
import { confidentMistakes } from './mistakes';

const probabilities = Float64Array.of(0.7, 0.2, 0.1, 0.05, 0.9, 0.05, 0.3, 0.3, 0.4, 0.6, 0.25, 0.15);
const predicted = predictedBy(
  { labels: Uint8Array.of(0, 0, 1, 2), classNames: ['a', 'b', 'c'] },
  probabilities,
);

describe('the most confident mistakes', () => {
  it('are the wrong ones by falling confidence, with the most probable classes', () => {
    const mistakes = confidentMistakes(predicted, 24);
    expect(mistakes.map(({ row, label, predicted }) => [row, label, predicted])).toEqual([
      [1, 0, 1],
      [3, 2, 0],
      [2, 1, 2],
    ]);
    expect(mistakes[1]!.best).toEqual([
      [0, 0.6],
      [1, 0.25],
      [2, 0.15],
    ]);
    expect(confidentMistakes(predicted, 1)).toHaveLength(1);
  });
});
