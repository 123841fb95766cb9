import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import type { CifarSpec, IdxSpec } from '../src/catalogue/catalogue';
import { specOf } from '../src/catalogue/catalogue';

export function md5(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('hex');
}

/** An IDX file of images whose pixels count up from `first`. */
export function idxImages(count: number, { rows = 28, columns = 28, magic = 0x803, first = 0 } = {}): Buffer {
  const header = Buffer.alloc(16);
  [magic, count, rows, columns].forEach((value, i) => header.writeUInt32BE(value, 4 * i));
  return Buffer.concat([
    header,
    Buffer.from(Array.from({ length: count * rows * columns }, (_, i) => first + i)),
  ]);
}

/** An IDX file of labels. */
export function idxLabels(labels: readonly number[], magic = 0x801): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt32BE(magic, 0);
  header.writeUInt32BE(labels.length, 4);
  return Buffer.concat([header, Buffer.from(labels)]);
}

/** The four files of an MNIST of seven images under their published names. */
export function smallIdxFiles(): Record<string, Buffer> {
  return {
    'train-images-idx3-ubyte': idxImages(5),
    'train-labels-idx1-ubyte': idxLabels([3, 1, 4, 1, 5]),
    't10k-images-idx3-ubyte': idxImages(2, { first: 100 }),
    't10k-labels-idx1-ubyte': idxLabels([9, 2]),
  };
}

/** MNIST's description with the checksums of `smallIdxFiles`, an address of its own and no packages. */
export function smallIdxSpec(address = 'http://localhost:1/'): IdxSpec {
  const files = smallIdxFiles();
  const spec = specOf('mnist') as IdxSpec;
  const published = (role: 'trainImages' | 'trainLabels' | 'testImages' | 'testLabels') => ({
    ...spec[role],
    md5: md5(files[spec[role].name]!),
  });
  return {
    ...spec,
    address,
    npmPackage: undefined,
    trainImages: published('trainImages'),
    trainLabels: published('trainLabels'),
    testImages: published('testImages'),
    testLabels: published('testLabels'),
  };
}

/** Rows of a CIFAR batch: the labels, then planes that hold `row`, `row + 50` and `row + 100` everywhere. */
export function cifarRows(labels: readonly (readonly number[])[]): Buffer {
  return Buffer.concat(
    labels.flatMap((own, row) => [
      Buffer.from(own),
      ...[0, 50, 100].map((base) => Buffer.alloc(1024, base + row)),
    ]),
  );
}

/** The six files of a CIFAR-10 of seven images. */
export function smallCifarFiles(): Record<string, Buffer> {
  return {
    'data_batch_1.bin': cifarRows([[1], [6]]),
    'data_batch_2.bin': cifarRows([[2]]),
    'data_batch_3.bin': cifarRows([[3]]),
    'data_batch_4.bin': cifarRows([[4]]),
    'data_batch_5.bin': cifarRows([[5]]),
    'test_batch.bin': cifarRows([[9]]),
  };
}

/** CIFAR-10's description with an archive's checksum and an address of its own. */
export function smallCifarSpec(archive: Uint8Array, address = 'http://localhost:1/'): CifarSpec {
  const spec = specOf('cifar10') as CifarSpec;
  return { ...spec, address, archive: { ...spec.archive, md5: md5(archive) } };
}

/** A tar archive of some files in a folder. */
export async function tar(folder: string, files: Readonly<Record<string, Uint8Array>>): Promise<Buffer> {
  const packed = pack();
  packed.entry({ name: `${folder}/`, type: 'directory' });
  for (const [name, content] of Object.entries(files)) {
    packed.entry({ name: `${folder}/${name}` }, Buffer.from(content));
  }
  packed.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of packed) {
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

export async function tarGz(folder: string, files: Readonly<Record<string, Uint8Array>>): Promise<Buffer> {
  return gzipSync(await tar(folder, files));
}
