import { divergedRuns, exampleRuns, studyRun } from '../test/study-runs';
import { compareRows } from './significance';
import { makeTable } from './table';

describe('compareRows', () => {
  const comparisons = compareRows(makeTable(exampleRuns(), 'test', null).blocks[0]!);

  it('compares every two rows on both scores', () => {
    expect(comparisons).toHaveLength(12);
    expect(new Set(comparisons.map(({ score, first, second }) => `${score} ${first} ${second}`)).size).toBe(
      12,
    );
  });

  it('pairs the seeds that both have', () => {
    const [pair] = comparisons.filter(
      ({ score, first, second }) =>
        score === 'ece' && first === 'Cross-entropy' && second === 'Label relaxation, α = 0.1',
    );
    expect(pair).toMatchObject({ seeds: 4 });
    expect(pair!.difference).toBeCloseTo(0.01005 - 0.002975, 12);
    // scipy.stats.ttest_rel and wilcoxon on these four pairs.
    expect(pair!.tTest).toBeCloseTo(0.0006639150985332305, 12);
    expect(pair!.wilcoxon).toBe(0.125);
    expect(pair!.tTestAdjusted).toBe(pair!.tTest);
  });

  it('says that a test is not possible with too few common seeds', () => {
    const [pair] = comparisons.filter(({ second }) => second === 'Label smoothing, α = 0.1');
    expect(pair).toMatchObject({ seeds: 1, tTest: null, tTestAdjusted: null, wilcoxon: null });
    const apart = makeTable([studyRun({ seed: 1 }), studyRun({ seed: 2, loss: 'focal' })], 'test', null);
    expect(compareRows(apart.blocks[0]!)[0]).toMatchObject({
      seeds: 0,
      difference: null,
      tTest: null,
      wilcoxon: null,
    });
  });

  it('adjusts for the number of tests in a family', () => {
    const runs = [0, 1, 2, 3].flatMap((seed) => [
      studyRun({ seed, accuracy: 0.9 + seed / 1000 }),
      studyRun({ seed, loss: 'focal', accuracy: 0.91 + seed / 700 }),
      studyRun({ seed, loss: 'cross_entropy', alpha: 0, accuracy: 0.92 + seed / 500 }),
    ]);
    const family = compareRows(makeTable(runs, 'test', null).blocks[0]!).filter(
      ({ score }) => score === 'accuracy',
    );
    const smallest = family.reduce((a, b) => (b.tTest! < a.tTest! ? b : a));
    expect(smallest.tTestAdjusted).toBeCloseTo(3 * smallest.tTest!, 12);
    for (const { tTest, tTestAdjusted } of family) expect(tTestAdjusted).toBeGreaterThanOrEqual(tTest!);
  });

  it('leaves out seeds for which a score diverged', () => {
    const pairs = compareRows(makeTable(divergedRuns(), 'test', null).blocks[0]!);
    expect(pairs).toMatchObject([
      { score: 'accuracy', seeds: 3 },
      { score: 'ece', seeds: 2, difference: expect.closeTo(0.01, 12), wilcoxon: 0.5 },
    ]);
  });

  it('sees equal differences as equal in spite of rounding', () => {
    const runs = [0.1, 0.2, 0.3, 0.4, 0.5].flatMap((accuracy, seed) => [
      studyRun({ seed, accuracy }),
      studyRun({ seed, loss: 'focal', accuracy: accuracy + 0.1 }),
    ]);
    const [pair] = compareRows(makeTable(runs, 'test', null).blocks[0]!);
    expect(pair!.tTest).toBeNull();
    expect(pair!.wilcoxon).toBe(2 / 32);
  });
});
