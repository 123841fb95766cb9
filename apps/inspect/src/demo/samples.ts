import { dataOfRun } from '@label-relaxation/experiments';
import type { Samples } from './facts';
import type { RunPlace } from './fetch-runs';

/** How many pictures can be tried. */
const count = 12;

/**
 * The first pictures of the part that a run was scored on, in the order of its split. None where the data are no pictures of
 * bytes, or are not to be had here: the page does without.
 */
export async function readSamples(
  runId: string,
  { dataDir, ...place }: RunPlace & { readonly dataDir?: string },
): Promise<Samples> {
  try {
    const { dataset, scoredIndices } = await dataOfRun(runId, { ...place, ...(dataDir ? { dataDir } : {}) });
    try {
      const { shape, dtype, labels, classNames } = dataset;
      if (shape.length !== 3 || dtype !== 'uint8') return none('its data are no pictures');
      const examples = scoredIndices.slice(0, count);
      const inputs = await dataset.read(examples);
      const size = inputs.length / examples.length;
      return {
        reason: null,
        shape,
        pictures: Array.from(examples, (example, i) => ({
          label: classNames[labels[example]!]!,
          pixels: Buffer.from(inputs.slice(i * size, (i + 1) * size)).toString('base64'),
        })),
      };
    } finally {
      await dataset.close();
    }
  } catch (error) {
    place.signal?.throwIfAborted();
    return none((error as Error).message);
  }
}

function none(reason: string): Samples {
  return { reason, shape: [], pictures: [] };
}
