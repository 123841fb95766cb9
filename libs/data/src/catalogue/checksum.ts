import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { DataError } from '../errors';
import { readError } from '../formats/byte-reader';
import type { PublishedFile } from './catalogue';
import { publishedFileOf } from './catalogue';

/** What to do about bytes that are not the published ones: refuse them, or say so and use them. */
export type ChecksumPolicy =
  { readonly strict: true } | { readonly strict: false; warn(message: string): void };

/**
 * Compares a file's MD5 with the published one.
 *
 * @throws DataError if it is another one and the policy is strict, or if it is that of another published file.
 */
export function checkPublished(
  path: string,
  md5: string,
  expected: PublishedFile,
  policy: ChecksumPolicy,
): void {
  if (md5 === expected.md5) {
    return;
  }
  const other = publishedFileOf(md5);
  if (other) {
    throw new DataError(
      `${path}: should hold ${expected.what} and holds ${other.what}; give the folder with the right files.`,
    );
  }
  reportDifference(
    `${path}: is not ${expected.what} as published: its MD5 should be ${expected.md5} and is ${md5}`,
    policy,
  );
}

/** Refuses a file that differs from the published one, or tells of it, as the policy says. */
export function reportDifference(finding: string, policy: ChecksumPolicy): void {
  if (policy.strict) {
    throw new DataError(`${finding}; get the file again.`);
  }
  policy.warn(`${finding}; it is used all the same.`);
}

/** MD5, in hexadecimal, of a file as it is on disk. */
export async function fileChecksum(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('md5');
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 18, signal })) {
      hash.update(chunk as Buffer);
    }
  } catch (error) {
    throw readError(path, error);
  }
  return hash.digest('hex');
}
