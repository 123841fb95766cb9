import { BatchBuilder, count, halve } from './batches';
import { limits } from './validation';

function metric(step: number) {
  return { key: 'loss', value: 1, timestamp: 1, step };
}

describe('BatchBuilder', () => {
  it('splits metrics, params and tags at their limits and loses none', () => {
    const builder = new BatchBuilder();
    for (let i = 0; i < 2500; i += 1) builder.addMetric(metric(i));
    for (let i = 0; i < 250; i += 1) builder.addParam({ key: `p${i}`, value: 'v' });
    for (let i = 0; i < 150; i += 1) builder.addTag({ key: `t${i}`, value: 'v' });
    const batches = builder.take();
    for (const batch of batches) {
      expect(batch.metrics.length).toBeLessThanOrEqual(limits.batchMetrics);
      expect(batch.params.length).toBeLessThanOrEqual(limits.batchParams);
      expect(batch.tags.length).toBeLessThanOrEqual(limits.batchTags);
      expect(count(batch)).toBeLessThanOrEqual(limits.batchItems);
    }
    expect(batches.flatMap(({ metrics }) => metrics.map(({ step }) => step))).toEqual(
      Array.from({ length: 2500 }, (_, i) => i),
    );
    expect(batches.flatMap(({ params }) => params)).toHaveLength(250);
    expect(batches.flatMap(({ tags }) => tags)).toHaveLength(150);
    expect(builder.take()).toEqual([]);
  });

  it('keeps every request below a megabyte', () => {
    const builder = new BatchBuilder();
    const value = '"é\n'.repeat(2000);
    for (let i = 0; i < 100; i += 1) builder.addTag({ key: `t${i}`, value });
    const batches = builder.take();
    expect(batches.flatMap(({ tags }) => tags)).toHaveLength(100);
    for (const batch of batches)
      expect(Buffer.byteLength(JSON.stringify({ run_id: 'x'.repeat(32), ...batch }))).toBeLessThan(1_000_000);
  });

  it('puts the second value of a key into a later batch', () => {
    const builder = new BatchBuilder();
    builder.addTag({ key: 'a', value: '1' });
    builder.addTag({ key: 'a', value: '2' });
    builder.addParam({ key: 'a', value: '3' });
    expect(builder.take().map(({ tags }) => tags.map(({ value }) => value))).toEqual([['1'], ['2']]);
  });
});

describe('halve', () => {
  it('makes two parts, neither empty, that hold everything', () => {
    for (const sizes of [
      [2, 0, 0],
      [1, 1, 0],
      [0, 1, 1],
      [5, 3, 2],
      [0, 7, 0],
    ] as const) {
      const [metrics, params, tags] = sizes.map((size) => Array.from({ length: size }, (_, i) => i));
      const batch = {
        metrics: (metrics ?? []).map(metric),
        params: (params ?? []).map((i) => ({ key: `p${i}`, value: '' })),
        tags: (tags ?? []).map((i) => ({ key: `t${i}`, value: '' })),
      };
      const [first, second] = halve(batch);
      expect(count(first)).toBe(Math.ceil(count(batch) / 2));
      expect([...first.metrics, ...second.metrics]).toEqual(batch.metrics);
      expect([...first.params, ...second.params]).toEqual(batch.params);
      expect([...first.tags, ...second.tags]).toEqual(batch.tags);
    }
  });
});
