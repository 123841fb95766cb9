import { createHash } from 'node:crypto';
import type { Dataset, Inputs } from '../dataset';
import { littleEndian } from '../little-endian';

/** What a dataset is apart from its inputs. */
export type Description = Pick<
  Dataset,
  | 'name'
  | 'shape'
  | 'dtype'
  | 'scale'
  | 'labels'
  | 'targets'
  | 'classNames'
  | 'parts'
  | 'testShare'
  | 'source'
>;

/** The SHA-256 of a dataset's contents, which takes the inputs as they come. */
export class ContentHash {
  readonly #hash = createHash('sha256');

  /** Takes the inputs of the next examples. */
  update(inputs: Inputs): void {
    this.#hash.update(littleEndian(inputs));
  }

  /** Takes the rest and gives the digest in hexadecimal; to be asked for once, at the end. */
  digest({ shape, dtype, scale, labels, targets, classNames, parts }: Description): string {
    this.#hash.update(littleEndian(Uint16Array.from(labels)));
    if (targets) this.#hash.update(littleEndian(targets));
    const { train, validation, test } = parts;
    const soft = targets !== null;
    this.#hash.update(JSON.stringify([shape, dtype, scale, soft, classNames, train, validation, test]));
    return this.#hash.digest('hex');
  }
}
