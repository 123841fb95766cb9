import type { PreparedData } from './prepare-data';
import { NoiseFigures } from './noise-figures';
import { suspiciousLabels } from './suspicious-labels';

/** Six examples of two classes, of which 1 and 4 have the other label. */
const data = {
  dataset: {
    labels: Uint8Array.of(0, 0, 1, 1, 0, 1),
    classes: 2,
    classNames: ['cat', 'dog, small'],
  },
  labels: Uint8Array.of(0, 1, 1, 1, 1, 1),
  disturbed: [false, true, false, false, true, false],
  split: { train: Int32Array.of(4, 3, 1, 0, 2) },
} as unknown as PreparedData;

const logitsOf = (...first: number[]) =>
  Float32Array.from(first.flatMap((p) => [Math.log(p), Math.log(1 - p)]));

it('ranks labels by the probability that the model gives them, and tells how many planted ones come first', () => {
  // Probabilities of "cat" for the examples 4, 3, 1, 0, 2.
  const { csv, found, ranking } = suspiciousLabels(data, logitsOf(0.9, 0.2, 0.6, 0.75, 0.7));
  const [heading, ...lines] = csv.trimEnd().split('\n');
  expect(heading).toBe(
    'example,label,probability,predicted,predicted_probability,own_label,disturbed,disturbed_so_far',
  );
  expect(lines).toEqual([
    '4,"dog, small",0.100000,cat,0.900000,cat,1,1',
    '2,"dog, small",0.300000,cat,0.700000,"dog, small",0,1',
    '1,"dog, small",0.400000,cat,0.600000,cat,1,2',
    '0,cat,0.750000,cat,0.750000,cat,0,2',
    '3,"dog, small",0.800000,"dog, small",0.800000,"dog, small",0,2',
  ]);
  expect(found).toBe(0.5);
  expect(ranking[0]).toEqual({
    example: 4,
    label: 'dog, small',
    probability: expect.closeTo(0.1, 6),
    predicted: 'cat',
    isDisturbed: true,
  });
});

it('has nothing to find where no label was changed', () => {
  const { found } = suspiciousLabels({ ...data, disturbed: [] }, logitsOf(0.9, 0.2, 0.6, 0.75, 0.7));
  expect(found).toBeNull();
});

it('counts clean and disturbed examples of an epoch apart', () => {
  const figures = new NoiseFigures(data, data.disturbed!);
  figures.add(Int32Array.of(0, 1, 2), Int32Array.of(0, 1, 0));
  figures.add(Int32Array.of(3, 4, 5), Int32Array.of(1, 0, 1));
  expect(figures.result).toEqual({ clean_accuracy: 0.75, disturbed_accuracy: 0.5, memorised: 0.5 });
});

it('has no figure of examples that there are not', () => {
  const figures = new NoiseFigures(data, data.disturbed!);
  figures.add(Int32Array.of(0), Int32Array.of(1));
  expect(figures.result).toEqual({ clean_accuracy: 0 });
});
