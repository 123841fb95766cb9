import { DataError } from '../errors';
import { openBytes } from '../formats/byte-reader';
import type { CifarSpec } from './catalogue';
import type { ChecksumPolicy } from './checksum';
import { checkPublished, reportDifference } from './checksum';
import { mostBytes, readArchive } from './cifar-archive';
import type { RowLayout } from './cifar-rows';
import { countRows, decodeRows } from './cifar-rows';
import type { StackedData } from './stacked-data';

/** A batch file's bytes and what to call it in an error. */
interface Batch {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * Reads a CIFAR dataset from its archive, plain or gzip.
 *
 * @throws DataError for an archive that is damaged, lacks batches or is another dataset's.
 */
export async function readCifarArchive(
  spec: CifarSpec,
  path: string,
  policy: ChecksumPolicy,
  signal?: AbortSignal,
): Promise<StackedData> {
  const names = [...spec.trainFiles, spec.testFile];
  const { files, checksum } = await readArchive(path, new Set(names), signal);
  checkPublished(path, checksum, spec.archive, policy);
  const missing = names.filter((name) => !files.has(name));
  if (missing.length > 0) {
    throw new DataError(
      `${path}: lacks ${missing.join(', ')} of ${spec.title}'s binary version; get ${spec.archive.name} again.`,
    );
  }
  return stack(
    spec,
    names.map((name) => ({ name: `${path}, ${name}`, bytes: files.get(name)! })),
  );
}

/**
 * Reads a CIFAR dataset from its batch files, plain or gzip. There are no published checksums of these: what is
 * compared with the published is the number of rows.
 *
 * @throws DataError for a file that is damaged or not of this dataset.
 */
export async function readCifarBatches(
  spec: CifarSpec,
  train: readonly string[],
  test: string,
  policy: ChecksumPolicy,
  signal?: AbortSignal,
): Promise<StackedData> {
  const batches: Batch[] = [];
  for (const path of [...train, test]) {
    const batch = { name: path, bytes: await readAll(path, signal) };
    const rows = countRows(batch.name, batch.bytes, layoutOf(spec));
    const published = path === test ? spec.testRows : spec.trainRows;
    if (rows !== published) {
      reportDifference(
        `${path}: is not as published: it should have ${published} rows and has ${rows}`,
        policy,
      );
    }
    batches.push(batch);
  }
  return stack(spec, batches);
}

async function readAll(path: string, signal?: AbortSignal): Promise<Uint8Array> {
  const reader = await openBytes(path, signal);
  try {
    const chunks: Uint8Array[] = [];
    let size = 0;
    for (let got = -1; got !== 0; size += got) {
      if (size > mostBytes) {
        throw new DataError(`${path}: has more than ${mostBytes} bytes, which no published file has.`);
      }
      const chunk = new Uint8Array(1 << 20);
      got = await reader.read(chunk);
      chunks.push(chunk.subarray(0, got));
    }
    return Buffer.concat(chunks);
  } finally {
    reader.close();
  }
}

/** Decodes batches, the last of which is the test part, into stacked arrays. */
function stack(spec: CifarSpec, batches: readonly Batch[]): StackedData {
  const layout = layoutOf(spec);
  const rows = batches.map(({ name, bytes }) => countRows(name, bytes, layout));
  const size = rows.reduce((a, b) => a + b, 0);
  const pixels = spec.shape[0] * spec.shape[1] * 3;
  const images = new Uint8Array(size * pixels);
  const labels = new Uint8Array(size);
  let start = 0;
  batches.forEach(({ name, bytes }, i) => {
    const end = start + rows[i]!;
    const target = images.subarray(start * pixels, end * pixels);
    decodeRows(name, bytes, layout, target, labels.subarray(start, end));
    start = end;
  });
  return { images, labels, trainSize: size - rows.at(-1)! };
}

function layoutOf({ title, shape, classNames, labelBytes }: CifarSpec): RowLayout {
  return { title, shape, classes: classNames.length, labelBytes };
}
