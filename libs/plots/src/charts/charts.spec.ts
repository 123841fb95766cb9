import fc from 'fast-check';
import { reliabilityCurve, reliabilityDiagram, riskCoverageCurve } from '@label-relaxation/metrics';
import {
  accuracyRejectionSvg,
  learningCurvesSvg,
  lineChartSvg,
  reliabilityByClassSvg,
  reliabilityDiagramSvg,
  reliabilityOverlaySvg,
  riskCoverageSvg,
  scatterSvg,
  setSizesSvg,
  simplexGrid,
  simplexSvg,
} from '..';
import { tries } from '../../../../tools/test/long';
import { activeInHtml, activeInSvg, hostileNames } from '../../../../tools/test/markup';

/** Six hundred predictions that are too sure, of four classes, and their labels. */
const labels = Uint8Array.from({ length: 600 }, (_, i) => (i * 7) % 4);
const probabilities = Float64Array.from({ length: 2400 }, (_, at) => {
  const [i, k] = [Math.floor(at / 4), at % 4];
  const [sure, guess] = [0.4 + ((i * 37) % 590) / 1000, i % 5 === 0 ? (labels[i]! + 1) % 4 : labels[i]!];
  return k === guess ? sure : (1 - sure) / 3;
});
const diagram = reliabilityDiagram(probabilities, labels);
const curve = reliabilityCurve({ probabilities }, labels, { draws: 20 });
const risks = riskCoverageCurve({ probabilities }, labels);

const hostile = `</title><script>alert("1")</script>&'\u0000`;
const optionsOf = (title: string) => ({ title, xLabel: 'x "quoted"', yLabel: 'y' });
const many = Array.from({ length: 30 }, (_, k) => ({ label: `class ${k}`, diagram }));

const draw: Readonly<Record<string, (name: string) => string>> = {
  'reliability diagram': (name) => reliabilityDiagramSvg(diagram, { title: name, temperature: 1.25, curve }),
  overlay: (name) =>
    reliabilityOverlaySvg(
      [
        { label: name, diagram },
        { label: 'c', diagram },
      ],
      optionsOf(name),
    ),
  'by class': (name) => reliabilityByClassSvg([{ label: name, diagram }, ...many], optionsOf(name)),
  scatter: (name) =>
    scatterSvg([{ label: name, points: [{ x: 1, y: 2, xSpread: 0.5, ySpread: 0.2 }] }], optionsOf(name)),
  lines: (name) =>
    lineChartSvg(
      [
        {
          label: name,
          points: [
            { x: 1, y: 2, ySpread: 0.1 },
            { x: 0, y: 3, label: name },
          ],
        },
      ],
      optionsOf(name),
    ),
  'risk over coverage': (name) => riskCoverageSvg([{ label: name, curve: risks }], optionsOf(name)),
  'accuracy over rejected share': (name) =>
    accuracyRejectionSvg([{ label: name, curve: risks }], optionsOf(name)),
  'set sizes': (name) => setSizesSvg([{ label: name, sizes: [0, 1, 1, 2, 40] }], optionsOf(name)),
  'learning curves': (name) =>
    learningCurvesSvg(
      [
        { label: name, values: [3, 2, 1.5] },
        { label: 'val', values: [null, 2, 1.7] },
      ],
      optionsOf(name),
    ),
  simplex: (name) =>
    simplexSvg([{ label: name, values: simplexGrid(8).map(([p]) => -Math.log(p)), target: [1, 0, 0] }], {
      title: name,
      note: name,
      corners: [name, 'b', 'c'],
    }),
};

describe.each(Object.entries(draw))('%s', (_, svg) => {
  it('is well-formed, self-contained and named, and carries nothing that runs or loads, whatever names it holds', () => {
    expect(svg(hostile)).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" viewBox="0 0 \d+ \d+/);
    expect(svg(hostile)).toContain('role="img"');
    expect(svg(hostile)).toContain(
      'aria-label="&lt;/title&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;',
    );
    expect(svg(hostile)).not.toMatch(/url\(|NaN|undefined|Infinity/);
    const isInert = fc.property(hostileNames, (name) => {
      expect([activeInSvg(svg(name)), activeInHtml(svg(name))]).toEqual([[], []]);
    });
    fc.assert(isInert, { seed: 20, numRuns: tries(20, 1_000) });
  });

  it('is the same for the same input, and dark where the system is', () => {
    expect(svg(hostile)).toBe(svg(hostile));
    expect(svg(hostile)).toContain('@media (prefers-color-scheme:dark)');
  });
});

describe('reliabilityDiagramSvg', () => {
  it('writes ECE, accuracy, temperature and size', () => {
    const svg = reliabilityDiagramSvg(diagram, { temperature: 1.25 });
    expect(svg).toContain(`>ECE ${diagram.ece.toFixed(4)}<`);
    expect(svg).toContain(`accuracy ${(diagram.accuracy * 100).toFixed(2)} %`);
    expect(svg).toContain('T = 1.25');
    expect(svg).toContain('n = 600');
    expect(reliabilityDiagramSvg(diagram)).not.toContain('T = ');
  });

  it('draws one group of bars for each bin that holds an example', () => {
    const filled = diagram.bins.filter((bin) => bin.count > 0).length;
    expect(reliabilityDiagramSvg(diagram).match(/<g>/g)).toHaveLength(filled);
  });

  it('tells over- from underconfidence', () => {
    const count = (svg: string, name: string) => svg.split(`class="chart-${name}"`).length - 1;
    const over = reliabilityDiagramSvg(reliabilityDiagram([0.9, 0.1, 0.9, 0.1], [0, 1]));
    expect([count(over, 'over'), count(over, 'under')]).toEqual([2, 1]);
    const under = reliabilityDiagramSvg(reliabilityDiagram([0.6, 0.4], [0]));
    expect([count(under, 'over'), count(under, 'under')]).toEqual([1, 2]);
  });

  it('draws the smooth curve and its band where there are examples', () => {
    const svg = reliabilityDiagramSvg(diagram, { curve });
    expect(svg).toMatch(/<path d="M[^"]+" fill="none" stroke-width="2.5" class="chart-curve"\/>/);
    expect(svg).toContain('bootstrap band');
    const withoutBand = { ...curve, lower: null, upper: null };
    expect(reliabilityDiagramSvg(diagram, { curve: withoutBand })).not.toContain('bootstrap band');
  });

  it('draws any number of equal-mass bins, also of no width', () => {
    const flat = reliabilityDiagram([0.8, 0.2, 0.8, 0.2], [0, 1], { binning: 'equal_mass' });
    expect(activeInSvg(reliabilityDiagramSvg(flat))).toEqual([]);
    expect(reliabilityDiagramSvg(flat)).not.toMatch(/="-\d+[^"]*" height|height="-/);
  });

  it('refuses a diagram without bins', () => {
    expect(() => reliabilityDiagramSvg({ ...diagram, bins: [] })).toThrow('no bins');
  });
});

describe('charts of points', () => {
  it('join the points in the order of x', () => {
    const points = [2, 0, 1].map((x) => ({ x, y: x / 2 }));
    const svg = lineChartSvg([{ label: 'a', points }], optionsOf('t'));
    const path = [...svg.matchAll(/<path d="M([^"Z]*)"[^>]*chart-line/g)].at(-1)![1]!;
    const xs = path.split('L').map((place) => Number(place.split(',')[0]));
    expect(xs).toEqual([...xs].sort((a, b) => a - b));
    expect(xs).toHaveLength(3);
  });

  it('refuse nothing and what is not finite', () => {
    expect(() => scatterSvg([], optionsOf('t'))).toThrow('has no points');
    expect(() => scatterSvg([{ label: 'a', points: [{ x: NaN, y: 0 }] }], optionsOf('t'))).toThrow(
      'has a point at (NaN, 0): every value must be finite',
    );
    expect(() => reliabilityOverlaySvg([])).toThrow('no reliability diagrams');
    expect(() => reliabilityByClassSvg([])).toThrow('no reliability diagrams');
    expect(() => setSizesSvg([{ label: 'a', sizes: [] }])).toThrow('no prediction sets');
    expect(() => simplexSvg([])).toThrow('no panels');
    expect(() => simplexSvg([{ label: 'a', values: [1, NaN, 1] }])).toThrow('has a value that is NaN');
    expect(() => simplexSvg([{ label: 'a', values: [1, 2] }])).toThrow('2 values are no grid');
  });
});

describe('pictures of many examples or classes', () => {
  it('stay small', () => {
    const n = 20_000;
    const long = {
      coverages: Array.from({ length: n }, (_, i) => (i + 1) / n),
      risks: Array.from({ length: n }, (_, i) => (0.3 * i) / n),
      confidences: Array.from({ length: n }, (_, i) => 1 - i / n),
    };
    const svg = riskCoverageSvg([{ label: 'a', curve: long }]);
    expect(svg.length).toBeLessThan(12_000);
  });

  it('show the classes with the largest error, and say so', () => {
    const worst = { label: 'the worst', diagram: { ...diagram, ece: 0.9 } };
    const svg = reliabilityByClassSvg([...many, worst]);
    expect(svg).toContain('the 20 of 31 classes with the largest error');
    expect(svg).toContain('>the worst<');
    expect(reliabilityByClassSvg([worst])).not.toContain('classes with the largest');
  });

  it('share the last place of large sets', () => {
    const svg = setSizesSvg([{ label: 'a', sizes: [1, 1, 12, 90] }]);
    expect(svg).toContain('>12+<');
    expect(svg).toContain('50.00 % have 12+');
  });
});
