import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { disturbLabels, type LabelNoise } from './disturb-labels';
import { noiseTransition } from './transition';

const fixture = JSON.parse(
  readFileSync(join(__dirname, '../../../../tools/fixtures/data/label-noise.json'), 'utf8'),
) as (LabelNoise & { title: string; labels: number[]; disturbed: number[] })[];

it.each(fixture)('draws what NumPy draws: $title', ({ labels, disturbed, ...noise }) => {
  expect([...disturbLabels(Uint8Array.from(labels), noise)]).toEqual(disturbed);
});

it('changes the share of labels that symmetric noise promises', () => {
  const classNames = Array.from('0123456789');
  const labels = Uint8Array.from({ length: 50_000 }, (_, i) => i % 10);
  const transition = noiseTransition('symmetric', { name: 'mnist', classNames });
  const disturbed = disturbLabels(labels, { rate: 0.5, transition, seed: 3 });
  const changed = Array.from(disturbed).filter((label, i) => label !== labels[i]).length / labels.length;
  expect(Math.abs(changed - 0.5 * 0.9)).toBeLessThan(0.01);
});

it('disturbs an example alike, however many others there are', () => {
  const transition = [
    [0, 1],
    [1, 0],
  ];
  const noise = { rate: 0.4, transition, seed: 5 };
  const few = disturbLabels(new Uint8Array(50), noise);
  expect(disturbLabels(new Uint8Array(500), noise).subarray(0, 50)).toEqual(few);
  expect(disturbLabels(new Uint8Array(50), { ...noise, seed: 6 })).not.toEqual(few);
});
