import { exampleDiagram } from '../test/study-runs';
import { parseDiagram, poolDiagrams } from './diagrams';

describe('poolDiagrams', () => {
  it('adds up what is in each bin', () => {
    const [one, two] = [exampleDiagram(0.1, 300), exampleDiagram(-0.2, 600)];
    const pooled = poolDiagrams([one, two])!;
    expect(pooled.examples).toBe(900);
    expect(pooled.ece).toBeCloseTo((one.ece + two.ece) / 2, 14);
    expect(pooled.accuracy).toBeCloseTo((one.accuracy + 2 * two.accuracy) / 3, 14);
    pooled.bins.forEach((bin, k) => {
      const parts = [one.bins[k]!, two.bins[k]!];
      expect(bin.count).toBe(parts[0]!.count + parts[1]!.count);
      if (bin.count === 0) return;
      const hits = parts.reduce((sum, part) => sum + part.count * (part.accuracy ?? 0), 0);
      expect(bin.accuracy).toBeCloseTo(hits / bin.count, 14);
      expect(bin.gap).toBeCloseTo(bin.confidence! - bin.accuracy!, 14);
    });
  });

  it('gives a single diagram back, and none for none or for other bins', () => {
    const diagram = exampleDiagram(0.1);
    expect(poolDiagrams([diagram])!.ece).toBe(diagram.ece);
    expect(poolDiagrams([])).toBeNull();
    expect(poolDiagrams([diagram, { ...diagram, bins: diagram.bins.slice(1) }])).toBeNull();
  });
});

describe('parseDiagram', () => {
  it('reads what it wrote', () => {
    const diagram = exampleDiagram(0.1);
    expect(parseDiagram(JSON.stringify(diagram), 'r')).toEqual(diagram);
  });

  it.each(['', 'null', '[]', '{"bins":[]}', '{"bins":[{}],"examples":1,"ece":0}', '<html>'])(
    'refuses %j',
    (text) => {
      expect(() => parseDiagram(text, 'r1')).toThrow(
        'reliability_diagram.json of run r1 is no reliability diagram',
      );
    },
  );
});
