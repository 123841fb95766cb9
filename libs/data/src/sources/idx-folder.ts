import type { Parts } from '../dataset';
import { pixelScale } from '../dataset';
import { DataError } from '../errors';
import type { OpenIdx } from '../formats/idx';
import { openIdx } from '../formats/idx';
import type { RowSink } from '../storage/rows';
import { numberLabels } from './labels';
import { countParts, partOf, partOrder } from './parts';
import type { Source, SourceContent, SourceFile, Watch } from './source';

const chunkBytes = 1 << 22;

/** A folder of IDX files under any name, plain or gzip, as a source: images and labels belong together by their part. */
export function idxFolder(path: string, files: readonly SourceFile[]): Source {
  return {
    ...{ path, kind: 'IDX folder', files, settings: {}, isCostly: false },
    read: async (sink, watch) => {
      const opened: OpenIdx[] = [];
      try {
        for (const file of files) opened.push(await openIdx(file.path, undefined, watch.signal));
        return await read(path, opened, sink, watch);
      } finally {
        opened.forEach((file) => file.close());
      }
    },
  };
}

/** Images and labels of a part. */
interface Pair {
  readonly part: keyof Parts;
  readonly images: OpenIdx;
  readonly labels: OpenIdx;
}

async function read(
  path: string,
  files: readonly OpenIdx[],
  sink: RowSink,
  { signal }: Watch,
): Promise<SourceContent> {
  const pairs = partOrder.flatMap((part) => pairOf(path, files, part));
  if (pairs[0]?.part !== 'train') {
    throw new DataError(
      `${path}: has no IDX files of a training part: names are to say train, and test or t10k for the test part.`,
    );
  }
  const [first] = pairs as [Pair];
  const [height, width, channels = 1] = first.images.shape.slice(1) as [number, number, number?];
  for (const { images } of pairs) {
    if (images.shape.slice(1).join() !== first.images.shape.slice(1).join()) {
      throw new DataError(
        `${images.path}: has images of ${images.shape.slice(1).join('x')}, and ${first.images.path} of ` +
          `${first.images.shape.slice(1).join('x')}: do both belong to one dataset?`,
      );
    }
  }
  const values: number[] = [];
  for (const { labels } of pairs) for (const label of await readLabels(labels)) values.push(label);
  const counts = pairs.map(({ part, images }) => [part, images.count] as const);
  const size = values.length;
  await sink.begin({ shape: [height, width, channels], dtype: 'uint8' }, size);
  for (const { images } of pairs) {
    const chunkRows = Math.max(1, Math.floor(chunkBytes / images.rowBytes));
    for (let row = 0; row < images.count; row += chunkRows) {
      signal?.throwIfAborted();
      const chunk = new Uint8Array(Math.min(chunkRows, images.count - row) * images.rowBytes);
      await images.next(chunk);
      await sink.append(chunk);
    }
    await images.finish();
  }
  return {
    ...numberLabels(values, path),
    ...{ shape: [height, width, channels], dtype: 'uint8', scale: pixelScale, targets: null },
    ...{ parts: countParts(counts), notes: [] },
  };
}

function isImages({ shape, type }: OpenIdx): boolean {
  return shape.length >= 3 && type === 'uint8';
}

function pairOf(path: string, files: readonly OpenIdx[], part: keyof Parts): Pair[] {
  const own = files.filter((file) => (partOf(baseOf(file.path)) ?? 'train') === part);
  if (own.length === 0) return [];
  const images = own.filter(isImages);
  const labels = own.filter(({ shape }) => shape.length <= 2);
  if (images.length !== 1 || labels.length !== 1) {
    throw new DataError(
      `${path}: the ${part} part has ${images.length} IDX files of images and ${labels.length} of labels ` +
        `(${own.map((file) => baseOf(file.path)).join(', ')}): one of each is needed.`,
    );
  }
  if (images[0]!.count !== labels[0]!.count) {
    throw new DataError(
      `${images[0]!.path} holds ${images[0]!.count} images and ${labels[0]!.path} holds ${labels[0]!.count} ` +
        'labels, which should be as many; check that the two belong together.',
    );
  }
  return [{ part, images: images[0]!, labels: labels[0]! }];
}

function baseOf(path: string): string {
  return path.slice(path.search(/[^/\\]*$/u));
}

/** The labels of a file; of several columns, as QMNIST has them, the first is the class. */
async function readLabels(file: OpenIdx): Promise<number[]> {
  const bytes = Buffer.alloc(file.count * file.rowBytes);
  await file.next(bytes);
  await file.finish();
  const numberAt = {
    uint8: (at: number) => bytes.readUInt8(at),
    int8: (at: number) => bytes.readInt8(at),
    int16: (at: number) => bytes.readInt16BE(at),
    int32: (at: number) => bytes.readInt32BE(at),
    float32: (at: number) => bytes.readFloatBE(at),
    float64: (at: number) => bytes.readDoubleBE(at),
  }[file.type];
  return Array.from({ length: file.count }, (_, example) => {
    const label = numberAt(example * file.rowBytes);
    if (Number.isInteger(label) && label >= 0) return label;
    throw new DataError(
      `${file.path}: the label ${label} at position ${example} is no class: labels are whole numbers from 0 on.`,
    );
  });
}
