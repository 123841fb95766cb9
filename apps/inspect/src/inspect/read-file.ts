import type { ScoredModel } from '@label-relaxation/confidence';
import {
  asLogits,
  couldBeProbabilities,
  DataError,
  parsePredictions,
} from '@label-relaxation/data/predictions';

/** Bytes of the largest file that is read: several times as much has to fit into the page's memory. */
const mostBytes = 150_000_000;

/** A file's predictions, and what it holds in a line. */
export interface OpenedFile {
  readonly model: ScoredModel;
  readonly line: string;
}

const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;

/**
 * Reads a file of predictions with their labels.
 *
 * @throws DataError in one line for what cannot be read, or is too large
 */
export async function readFile(
  file: File,
  labelColumn: string,
  onProgress: (share: number) => void,
): Promise<OpenedFile> {
  if (file.size > mostBytes) {
    throw new DataError(
      `${file.name}: has ${megabytes(file.size)}, and a page reads at most ${megabytes(mostBytes)}: ` +
        'npm run study -- score takes larger files.',
    );
  }
  const bytes = new Uint8Array(await file.arrayBuffer());
  const options = { onProgress, ...(labelColumn === '' ? {} : { labelColumn }) };
  const predictions = await parsePredictions(file.name, bytes, options);
  const { kind, labels, classNames } = predictions;
  const taken = kind ?? (couldBeProbabilities(predictions) ? 'probabilities' : 'logits');
  const logits = asLogits(predictions, taken, file.name);
  const why =
    kind === null ? (taken === 'logits' ? ', as rows do not sum to 1' : ', as each row sums to 1') : '';
  const examples = labels.length.toLocaleString('en-US');
  return {
    model: { name: file.name, logits, labels, classNames },
    line: `${file.name}: ${examples} examples of ${classNames.length} classes; ${taken}${why}`,
  };
}
