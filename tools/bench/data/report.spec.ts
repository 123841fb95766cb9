import { dataReport, dataTables, type DataFound } from './report';

const timed = (name: string, median: number) => ({
  entrant: { name, program: { file: name, args: [] } },
  times: { median, lower: 0.9 * median, upper: 1.1 * median, count: 5 },
  version: `${name} 1.0`,
});

const found: DataFound = {
  decoded: [
    { ...timed('ours', 500), side: 0 },
    { ...timed('tf.data', 800), side: 0 },
    { ...timed('ours', 400), side: 64 },
    { ...timed('tf.data', 200), side: 64 },
  ],
  steps: [timed('held', 200), timed('fed', 204)],
  epoch: { peakMemory: 180, memoryBefore: 120 },
  images: 512,
  bytes: 300e6,
};

describe('the report on data', () => {
  it('compares with each peer, fed with held, and what an epoch took with what it may', () => {
    expect(dataReport(found)).toEqual({
      decoded: [
        { name: 'ours', side: 0, images_per_second: 1024, ours_to_it: 1 },
        { name: 'tf.data', side: 0, images_per_second: 640, ours_to_it: 1.6 },
        { name: 'ours', side: 64, images_per_second: 1280, ours_to_it: 1 },
        { name: 'tf.data', side: 64, images_per_second: 2560, ours_to_it: 0.5 },
      ],
      held_ms: 200,
      fed_ms: 204,
      fed_ratio: 1.02,
      set_mb: 300,
      memory_mb: 100,
      peak_mb: 60,
    });
    expect(dataTables(found).join('\n')).toMatch(/\| fed +\| +204 \| +184-224 \| +1\.020 \|/u);
  });

  it('leaves out what was not measured', () => {
    const alone = { ...found, epoch: { peakMemory: null, memoryBefore: null } };
    expect(dataReport(alone).peak_mb).toBeNull();
    expect(dataTables(alone).at(-1)).toMatch(/an epoch took - MB/u);
  });
});
