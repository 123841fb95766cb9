import { predictedBy } from '../scored-model';
import { classesSvg, figuresByClass } from './by-class';

describe('figures by class', () => {
  const probabilities = Float64Array.of(0.7, 0.2, 0.1, 0.6, 0.3, 0.1, 0.1, 0.9, 0, 0.5, 0.4, 0.1);
  const figures = figuresByClass(
    predictedBy({ labels: Uint8Array.of(0, 1, 1, 0), classNames: ['cat', '<dog>', 'eel'] }, probabilities),
  );

  it('tell of each class how much of it is found, and how much to believe it', () => {
    expect(
      figures.map(({ name, examples, predicted, recall, precision }) => [
        name,
        examples,
        predicted,
        recall,
        precision,
      ]),
    ).toEqual([
      ['cat', 2, 3, 1, 2 / 3],
      ['<dog>', 2, 1, 0.5, 1],
      ['eel', 0, 0, null, null],
    ]);
    expect(figures[0]!.confidence).toBeCloseTo(0.6, 12);
    expect(figures[2]!.confidence).toBeNull();
  });

  it('become a picture with the names of the classes', () => {
    const svg = classesSvg(figures, 'by class');
    expect(svg).toContain('cat: 3 predicted');
    expect(svg).toContain('&lt;dog&gt;: 1 predicted');
    expect(svg).not.toContain('eel');
    expect(classesSvg([figures[2]!], 'none')).toBeNull();
  });
});
