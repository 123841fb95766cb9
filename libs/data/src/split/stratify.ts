import { DataError } from '../errors';
import type { MersenneTwister } from './mersenne-twister';

/**
 * Splits positions at random so that each class has its share in both parts, equal to scikit-learn's
 * `train_test_split(..., stratify=labels, shuffle=True)`, position by position.
 *
 * @param labels class of each position.
 * @param testSize how many positions are held out.
 * @throws DataError where a class has a single example, or a part is smaller than the number of classes.
 */
export function stratifiedPositions(
  labels: Int32Array,
  testSize: number,
  random: MersenneTwister,
): { train: Int32Array; test: Int32Array } {
  const classes = byClass(labels);
  const counts = classes.map((positions) => positions.length);
  const trainSize = labels.length - testSize;
  check(labels, classes, trainSize, testSize);
  const inTrain = approximateMode(counts, trainSize, random);
  const left = counts.map((count, i) => count - inTrain[i]!);
  const inTest = approximateMode(left, testSize, random);
  const [train, test] = [new Int32Array(trainSize), new Int32Array(testSize)];
  let [trainEnd, testEnd] = [0, 0];
  classes.forEach((positions, i) => {
    const drawn = random.permutation(positions.length).map((place) => positions[place]!);
    const end = inTrain[i]! + inTest[i]!;
    train.set(drawn.subarray(0, inTrain[i]), trainEnd);
    test.set(drawn.subarray(inTrain[i], end), testEnd);
    [trainEnd, testEnd] = [trainEnd + inTrain[i]!, testEnd + inTest[i]!];
  });
  return { train: random.shuffle(train), test: random.shuffle(test) };
}

/** The positions of each class that occurs, classes and positions ascending. */
function byClass(labels: Int32Array): Int32Array[] {
  const positions = new Map<number, number[]>();
  labels.forEach((label, position) => {
    const own = positions.get(label);
    if (own) own.push(position);
    else positions.set(label, [position]);
  });
  return [...positions.keys()].sort((a, b) => a - b).map((label) => Int32Array.from(positions.get(label)!));
}

function check(
  labels: Int32Array,
  classes: readonly Int32Array[],
  trainSize: number,
  testSize: number,
): void {
  const single = classes.find(({ length }) => length < 2);
  if (single) {
    throw new DataError(
      `Class ${labels[single[0]!]} has a single example here, which cannot be in both parts: ` +
        'add examples of it or leave out --stratify.',
    );
  }
  if (Math.min(trainSize, testSize) < classes.length) {
    throw new DataError(
      `${labels.length} examples of ${classes.length} classes cannot be split into ${trainSize} and ${testSize} ` +
        'with each class in both: use more data or leave out --stratify.',
    );
  }
}

/**
 * The most probable counts when so many are drawn from classes of these sizes without putting back; ties are broken at
 * random, as in scikit-learn's `_approximate_mode`.
 */
function approximateMode(sizes: readonly number[], draws: number, random: MersenneTwister): number[] {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const exact = sizes.map((size) => (size / total) * draws);
  const counts = exact.map(Math.floor);
  let missing = draws - counts.reduce((sum, count) => sum + count, 0);
  const remainders = exact.map((value, i) => value - counts[i]!);
  const falling = [...new Set(remainders)].sort((a, b) => b - a);
  for (const remainder of falling) {
    if (missing === 0) break;
    const tied = remainders.flatMap((value, i) => (value === remainder ? [i] : []));
    const chosen = random.permutation(tied.length).subarray(0, missing);
    for (const place of chosen) counts[tied[place]!]!++;
    missing -= chosen.length;
  }
  return counts;
}
