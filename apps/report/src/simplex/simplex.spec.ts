import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runSimplex } from './run-simplex';
import { parseSimplexOptions } from './simplex-options';

/** Area of a path of polygons. */
function areaOf(path: string): number {
  const polygons = path.split('Z').filter((part) => part !== '');
  return polygons.reduce((sum, polygon) => {
    const points = polygon
      .slice(1)
      .split('L')
      .map((place) => place.split(' ').map(Number) as [number, number]);
    const twice = points.reduce((total, [x, y], i) => {
      const [x2, y2] = points[(i + 1) % points.length]!;
      return total + (x * y2 - x2 * y);
    }, 0);
    return sum + Math.abs(twice) / 2;
  }, 0);
}

/** The part of each panel that has no loss, as a share of the simplex: all but what the first shade covers. */
function sharesWithoutLoss(svg: string): number[] {
  const whole = areaOf(svg.match(/<path d="([^"]+)" class="chart-height-0"/)![1]!);
  const shaded = svg.matchAll(/<path d="([^"]+)" stroke-width="0.4" class="chart-height-1"/g);
  return [...shaded].map(([, path]) => 1 - areaOf(path!) / whole);
}

describe('report simplex', () => {
  let folder: string;
  beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'report-simplex-'))));
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('draws what the losses leave unpunished', async () => {
    const output = join(folder, 'new');
    const file = await runSimplex(['--alpha', '0.4', '--beta', '0.7', '--output', output]);
    expect(file).toBe(join(output, 'simplex.svg'));
    const svg = await readFile(file, 'utf8');
    expect(svg).toContain('α = 0.4, β = 0.7');
    const [smoothing, relaxation, ambiguation] = sharesWithoutLoss(svg);
    // Where p_y is at least 0.6; besides, where p_y and a class above 0.7 are it together.
    expect(smoothing).toBeLessThan(0.01);
    expect(relaxation! - 0.4 ** 2).toBeGreaterThan(0);
    expect(relaxation! - 0.4 ** 2).toBeLessThan(0.04);
    expect(ambiguation! - relaxation!).toBeGreaterThan(0.12);
    expect(ambiguation! - relaxation!).toBeLessThan(2 * 0.3 ** 2 + 0.02);
  });

  it.each([
    [['--alpha', '1'], '--alpha 1 is not possible'],
    [['--beta', 'much'], '--beta NaN is not possible'],
    [['--gamma', '2'], 'Unknown argument: gamma'],
  ])('refuses %j', async (words, message) => {
    await expect(runSimplex(words)).rejects.toThrow(message);
  });

  it('has a help of its own, and says what cannot be written', async () => {
    expect(await parseSimplexOptions(['--help'])).toContain('npm run report -- simplex');
    const file = await runSimplex(['--output', join(folder, 'one')]);
    await expect(runSimplex(['--output', file])).rejects.toThrow('cannot be written');
  });
});
