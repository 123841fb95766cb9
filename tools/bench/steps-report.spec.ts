import { bestPeer, type Measured, stepReport, stepTable } from './steps-report';

function measured(maker: Measured['maker'], precision: Measured['precision'], median: number): Measured {
  return {
    model: 'vgg',
    maker,
    mode: maker === 'torch' ? 'eager' : 'compiled',
    precision,
    version: 'x 1',
    times: { median, lower: median - 1, upper: median + 1, count: 7 },
    firstStepSeconds: 4.5678,
    peakMemory: 912.4,
  };
}

const all = [
  measured('ours', 'float32', 80),
  measured('ours', 'bfloat16', 60),
  { ...measured('ours', 'float32', 300), mode: 'eager' as const },
  measured('keras', 'float32', 120),
  measured('keras', 'bfloat16', 40),
  measured('torch', 'float32', 100),
];

describe('bestPeer', () => {
  it('is the faster float32 step of the same network, ours and bfloat16 aside', () => {
    expect(bestPeer(all, 'vgg')?.maker).toBe('torch');
    expect(bestPeer(all, 'resnet')).toBeNull();
  });
});

describe('stepReport', () => {
  it('sets both of our compiled steps against the best peer', () => {
    const { steps, others } = stepReport(all);
    expect(steps).toEqual([
      {
        model: 'vgg',
        precision: 'float32',
        median_ms: 80,
        lower_ms: 79,
        upper_ms: 81,
        best_peer: 'torch',
        best_peer_ms: 100,
        ratio: 0.8,
        first_step_s: 4.568,
        peak_rss_mb: 912,
      },
      expect.objectContaining({ precision: 'bfloat16', best_peer_ms: 100, ratio: 0.6 }),
    ]);
    expect(others.map(({ name, precision }) => `${name} ${precision}`)).toEqual([
      'ours eager float32',
      'keras compiled float32',
      'keras compiled bfloat16',
      'torch eager float32',
    ]);
  });

  it('has no ratio where no peer was measured', () => {
    expect(stepReport(all.slice(0, 1)).steps[0]).toMatchObject({
      best_peer: null,
      best_peer_ms: null,
      ratio: null,
    });
  });
});

describe('stepTable', () => {
  it('has a line for each contender', () => {
    const lines = stepTable(all).split('\n').slice(2);
    expect(lines).toHaveLength(all.length);
    expect(lines[0]).toMatch(
      /^\| VGG16 +\| ours compiled +\| float32 +\| +80.0 \| +79.0-81.0 \| +7 \| +0.80 \| +4.6 \| +912 \|$/,
    );
  });
});
