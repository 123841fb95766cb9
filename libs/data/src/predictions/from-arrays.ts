import { DataError } from '../errors';
import { asInputs } from '../formats/npy';
import type { Arrays } from '../sources/arrays';
import { eachRow, headerOf, labelValues } from '../sources/arrays';
import type { Predictions } from './predictions';
import { numbered } from './predictions';

/**
 * Predictions and true classes of the arrays of a file, which it closes.
 *
 * @throws DataError in one line where they are missing, or numbers that cannot be.
 */
export async function predictionsOfArrays(arrays: Arrays, path: string): Promise<Predictions> {
  try {
    const name = nameOf(arrays, ['logits', 'probabilities', 'x'], path);
    const { shape } = await headerOf(arrays, name);
    const [examples = 0, classes = 0] = shape;
    if (shape.length !== 2 || examples === 0 || classes < 2) {
      throw new DataError(
        `${arrays.title(name)}: has the shape (${shape.join(', ')}): predictions are [n, classes].`,
      );
    }
    const values = new Float32Array(examples * classes);
    let filled = 0;
    await eachRow(arrays, name, async (bytes, header) => {
      const rows = asInputs(bytes, header);
      values.set(rows, filled);
      filled += rows.length;
    });
    checkFinite(values, classes, arrays.title(name));
    const [label, names] = [nameOf(arrays, ['labels', 'y'], path), 'class_names'];
    const classNames = arrays.names.includes(names) ? (await labelValues(arrays, names)).map(String) : null;
    const kind = name === 'x' ? null : (name as 'logits' | 'probabilities');
    const given = await labelValues(arrays, label);
    if (given.length !== examples) {
      throw new DataError(
        `${arrays.title(label)}: has ${given.length} labels for ${examples} rows of ${name}: one for each is needed.`,
      );
    }
    return { values, kind, ...numbered(given, classes, classNames, arrays.title(label)) };
  } finally {
    arrays.close();
  }
}

function nameOf({ names }: Arrays, wanted: readonly string[], path: string): string {
  const found = wanted.find((name) => names.includes(name));
  if (found !== undefined) return found;
  throw new DataError(
    `${path}: has ${names.length === 0 ? 'no arrays' : `the arrays ${names.join(', ')}`}: one of ${wanted.join(', ')} is needed.`,
  );
}

function checkFinite(values: Float32Array, classes: number, title: string): void {
  const wrong = values.findIndex((value) => !Number.isFinite(value));
  if (wrong < 0) return;
  throw new DataError(
    `${title}: has ${values[wrong]} in row ${Math.floor(wrong / classes)}, column ${wrong % classes}: predictions are finite numbers.`,
  );
}
