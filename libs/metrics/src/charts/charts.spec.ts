import { reliabilityDiagram } from '../binned/reliability-diagram';
import { softmax } from '../inputs/softmax';
import { randomPredictions } from '../../test/random';
import { reliabilityOverlaySvg } from './reliability-overlay-svg';
import { reliabilityDiagramSvg } from './reliability-svg';
import { lineChartSvg, scatterSvg } from './xy-svg';

const { logits, labels } = randomPredictions(1, 500, 4, 2);
const diagram = reliabilityDiagram(softmax(logits, 4), labels);
const options = { title: 'A <title> & more', xLabel: 'x "quoted"', yLabel: 'y' };

/** Throws unless every tag closes what was opened and text holds no bare markup. */
function checkWellFormed(svg: string): void {
  const open: string[] = [];
  const rest = svg.replace(
    /<(\/?)([a-z]+)((?: [\w:-]+="[^"<&]*(?:&(?:amp|lt|gt|quot);[^"<&]*)*")*)(\/?)>/gi,
    (_, end, name, __, empty) => {
      if (end) expect(open.pop()).toBe(name);
      else if (!empty) open.push(name as string);
      return '';
    },
  );
  expect(open).toEqual([]);
  expect(rest).not.toMatch(/[<>]|&(?!(amp|lt|gt|quot);)/);
}

const pictures: [string, string][] = [
  ['reliability diagram', reliabilityDiagramSvg(diagram, { title: options.title, temperature: 1.25 })],
  [
    'overlay',
    reliabilityOverlaySvg(
      [
        { label: 'a & b', diagram },
        { label: 'c', diagram },
      ],
      options,
    ),
  ],
  ['scatter', scatterSvg([{ label: 'a', points: [{ x: 1, y: 2, xSpread: 0.5, ySpread: 0.2 }] }], options)],
  [
    'lines',
    lineChartSvg(
      [
        {
          label: 'a',
          points: [
            { x: 1, y: 2, ySpread: 0.1 },
            { x: 0, y: 3 },
          ],
        },
      ],
      options,
    ),
  ],
];

describe.each(pictures)('%s', (_, svg) => {
  it('is well-formed, self-contained and named', () => {
    checkWellFormed(svg);
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" viewBox="0 0 \d+ \d+/);
    expect(svg).toContain('role="img"');
    expect(svg).toContain('A &lt;title&gt; &amp; more');
    expect(svg).not.toMatch(/href|url\(|NaN|undefined|Infinity/);
  });
});

describe('reliabilityDiagramSvg', () => {
  it('writes ECE, accuracy, temperature and size', () => {
    const svg = reliabilityDiagramSvg(diagram, { temperature: 1.25 });
    expect(svg).toContain(`>ECE ${diagram.ece.toFixed(4)}<`);
    expect(svg).toContain(`accuracy ${(diagram.accuracy * 100).toFixed(2)} %`);
    expect(svg).toContain('T = 1.25');
    expect(svg).toContain('n = 500');
    expect(reliabilityDiagramSvg(diagram)).not.toContain('T = ');
  });

  it('draws one group of bars for each bin that holds an example', () => {
    const filled = diagram.bins.filter((bin) => bin.count > 0).length;
    expect(reliabilityDiagramSvg(diagram).match(/<g>/g)).toHaveLength(filled);
  });

  it('tells over- from underconfidence', () => {
    const over = reliabilityDiagramSvg(reliabilityDiagram([0.9, 0.1, 0.9, 0.1], [0, 1]));
    expect(over.match(/class="chart-over"/g)).toHaveLength(2);
    expect(over.match(/class="chart-under"/g)).toHaveLength(1);
    const under = reliabilityDiagramSvg(reliabilityDiagram([0.6, 0.4], [0]));
    expect(under.match(/class="chart-over"/g)).toHaveLength(1);
    expect(under.match(/class="chart-under"/g)).toHaveLength(2);
  });

  it('draws any number of equal-mass bins, also of no width', () => {
    const flat = reliabilityDiagram([0.8, 0.2, 0.8, 0.2], [0, 1], { binning: 'equal_mass' });
    checkWellFormed(reliabilityDiagramSvg(flat));
    expect(reliabilityDiagramSvg(flat)).not.toMatch(/="-\d+[^"]*" height|height="-/);
  });

  it('refuses a diagram without bins', () => {
    expect(() => reliabilityDiagramSvg({ ...diagram, bins: [] })).toThrow('no bins');
  });
});

describe('charts of points', () => {
  it('join the points in the order of x', () => {
    const svg = lineChartSvg(
      [
        {
          label: 'a',
          points: [
            { x: 2, y: 0 },
            { x: 0, y: 1 },
            { x: 1, y: 0.5 },
          ],
        },
      ],
      options,
    );
    const [, line] = svg.match(/<polyline points="([^"]*)"/g) as string[];
    const xs = [...(line as string).matchAll(/([\d.]+),/g)].map(([, x]) => Number(x));
    expect(xs).toEqual([...xs].sort((a, b) => a - b));
    expect(xs).toHaveLength(3);
  });

  it('refuse nothing and what is not finite', () => {
    expect(() => scatterSvg([], options)).toThrow('has no points');
    expect(() => scatterSvg([{ label: 'a', points: [{ x: NaN, y: 0 }] }], options)).toThrow(
      'has a point at (NaN, 0): every value must be finite',
    );
    expect(() => reliabilityOverlaySvg([])).toThrow('no reliability diagrams');
  });
});
