import { dataReport, dataTables, type DataFound } from './report';

const timed = (name: string, median: number) => ({
  entrant: { name, program: { file: name, args: [] } },
  times: { median, lower: 0.9 * median, upper: 1.1 * median, count: 5 },
  version: `${name} 1.0`,
});

const found: DataFound = {
  decoded: [timed('ours', 500), timed('tf.data', 800), timed('torchvision', 1000)],
  steps: [timed('held', 200), timed('fed', 204)],
  epoch: { peakMemory: 180, memoryBefore: 120 },
  images: 512,
  bytes: 300e6,
};

describe('the report on data', () => {
  it('compares with the fastest peer, fed with held, and what an epoch took with what it may', () => {
    expect(dataReport(found)).toEqual({
      decoded: [
        { name: 'ours', images_per_second: 1024 },
        { name: 'tf.data', images_per_second: 640 },
        { name: 'torchvision', images_per_second: 512 },
      ],
      decoding_ratio: 1.6,
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
    const alone = {
      ...found,
      decoded: found.decoded.slice(0, 1),
      epoch: { peakMemory: null, memoryBefore: null },
    };
    expect(dataReport(alone)).toMatchObject({ decoding_ratio: null, peak_mb: null });
    expect(dataTables(alone)[1]).toBe('Ours to the fastest peer: - times as many images.');
  });
});
