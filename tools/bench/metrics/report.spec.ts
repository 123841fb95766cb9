import { fastestPeer, type Measured, metricsReport, metricsTable } from './report';

function measured(name: string, median: number, share = 1): Measured {
  return {
    measure: 'ece',
    data: 'narrow',
    name,
    version: 'x 1',
    share,
    value: 0.0745,
    times: { median, lower: median - 1, upper: median + 1, count: 7 },
    peakMemory: 130,
    memoryBefore: 120,
  };
}

const all = [measured('ours', 10), measured('netcal', 50), measured('torchmetrics', 4, 0.1)];

it('extrapolates a peer that did a part of the work, and finds the fastest', () => {
  expect(fastestPeer(all, all[0]!)?.name).toBe('torchmetrics');
  expect(fastestPeer(all.slice(0, 2), all[0]!)?.name).toBe('netcal');
  expect(fastestPeer(all.slice(0, 1), all[0]!)).toBeNull();
});

it('sets what we do of the work against what a peer does of it', () => {
  const both = [measured('ours', 10, 0.02), measured('netcal', 5, 0.02)];
  expect(metricsReport(both).rows[0]).toMatchObject({ ours_ms: 500, best_peer_ms: 250, ratio: 2 });
  expect(metricsTable(both)).toMatch(/netcal, from 2\.00% of it .*\| +2\.000 \|/u);
});

it('sets ours against it, in time and in memory', () => {
  const { rows, contenders } = metricsReport(all);
  expect(rows).toEqual([
    {
      measure: 'ece',
      data: 'narrow',
      ours_ms: 10,
      best_peer: 'torchmetrics',
      best_peer_ms: 40,
      ratio: 0.25,
      memory_ratio: 1.238,
    },
  ]);
  expect(contenders.map(({ name, median_ms, working_mb }) => [name, median_ms, working_mb])).toEqual([
    ['ours', 10, 10],
    ['netcal', 50, 10],
    ['torchmetrics', 40, 10],
  ]);
  expect(metricsReport([{ ...all[0]!, memoryBefore: null }]).rows[0]).toMatchObject({
    ratio: null,
    memory_ratio: null,
  });
});

it('shows everybody', () => {
  const lines = metricsTable(all).split('\n');
  expect(lines).toHaveLength(5);
  expect(lines[3]).toMatch(/netcal +\| +50\.0 \| +49\.0-51\.0 \| +7 \| +0\.200 \| +10 \| 0\.074500/);
  expect(lines[4]).toContain('torchmetrics, from 10.0% of it');
});
