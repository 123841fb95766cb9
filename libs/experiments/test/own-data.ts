import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { npy } from '../../../tools/test/npy';
import { numbers } from '../../../tools/test/numbers';

/** CSV files of three species, whose measures tell them apart; of the test file, its rows as they are. */
export function writeSpecies(folder: string, parts: Readonly<Record<string, number>>): void {
  mkdirSync(folder, { recursive: true });
  const next = numbers(11);
  for (const [part, size] of Object.entries(parts)) {
    const rows = Array.from({ length: size }, (_, i) => {
      const species = i % 3;
      const measures = [1e4 + 50 * species + 30 * next(), 0.01 * (next() - species)];
      return [...measures, ['setosa', 'versicolor', 'virginica'][species]].join(',');
    });
    writeFileSync(join(folder, `${part}.csv`), ['length,width,label', ...rows, ''].join('\n'));
  }
}

/** Images [size, side, side, 3] in up to three classes, example by example, each bright in a channel of its own. */
function images(size: number, side: number, next = numbers(5), classes = 3): Buffer {
  const pixels = Uint8Array.from({ length: size * side * side * 3 }, (_, i) => {
    const example = Math.floor(i / (side * side * 3));
    return (example % classes === i % 3 ? 120 : 0) + Math.floor(next() * 130);
  });
  return npy(pixels, [size, side, side, 3]);
}

/** NumPy files of images in up to three classes; with soft labels where asked. */
export function writeImages(
  folder: string,
  size: number,
  { side = 6, soft = false, classes = 3 } = {},
): void {
  mkdirSync(folder, { recursive: true });
  const labels = Uint8Array.from({ length: size }, (_, i) => i % classes);
  const rows = Float32Array.from({ length: size * 3 }, (_, i) =>
    i % 3 === Math.floor(i / 3) % 3 ? 0.8 : 0.1,
  );
  writeFileSync(join(folder, 'x.npy'), images(size, side, numbers(5), classes));
  writeFileSync(join(folder, 'y.npy'), soft ? npy(rows, [size, 3]) : npy(labels, [size]));
}

/**
 * NumPy files of images in three classes, of which the training part has two candidates for each image: its class and
 * one of the others in turn. In the test part the class is certain.
 */
export function writeCandidates(folder: string, train: number, test: number, side = 6): void {
  mkdirSync(folder, { recursive: true });
  const next = numbers(5);
  const rows = (size: number, candidates: (example: number) => number[]) =>
    npy(
      Float32Array.from({ length: size * 3 }, (_, i) =>
        Number(candidates(Math.floor(i / 3)).includes(i % 3)),
      ),
      [size, 3],
    );
  const another = (i: number) => (i + 1 + (Math.floor(i / 3) % 2)) % 3;
  writeFileSync(join(folder, 'x_train.npy'), images(train, side, next));
  writeFileSync(
    join(folder, 'y_train.npy'),
    rows(train, (i) => [i % 3, another(i)]),
  );
  writeFileSync(join(folder, 'x_test.npy'), images(test, side, next));
  writeFileSync(
    join(folder, 'y_test.npy'),
    rows(test, (i) => [i % 3]),
  );
}
