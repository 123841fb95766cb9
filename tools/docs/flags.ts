import { parseArgs } from 'node:util';
import { DocsError } from './errors';

export interface DocsFlags {
  /** Files in docs/images, in the order in which they are made. */
  readonly names: readonly string[];
  /** Epochs of the runs that the pictures show. */
  readonly epochs: number;
  /** Whether the runs of the last time are taken again. */
  readonly reuse: boolean;
  readonly help: boolean;
}

/** The text of `--help`. */
export function usage(all: readonly string[]): string {
  return `Usage: npm run docs:images -- [NAME ...] [flags]
Makes the pictures in docs/images anew, all or those that are named, from runs that it trains on MNIST: cross-entropy
and label relaxation, and a small search for the report. Their MLflow server keeps them in tmp/docs-images.

  ${all.join(', ')}

  --epochs N  epochs of the two runs (default: 10)
  --reuse     take the runs of the last time again
  --help      this text`;
}

/** Reads the command line; throws a DocsError that says what was wrong and what there is. */
export function parseFlags(args: readonly string[], all: readonly string[]): DocsFlags {
  const { values, positionals } = split(args);
  const wanted = positionals.map((name) => {
    const found = all.find((file) => file === name || file.replace(/\.\w+$/u, '') === name);
    if (found === undefined)
      throw new DocsError(`There is no picture "${name}" in the docs: take some of ${all.join(', ')}.`);
    return found;
  });
  const epochs = Number(values.epochs);
  if (!Number.isSafeInteger(epochs) || epochs < 1)
    throw new DocsError(`--epochs takes a whole number above 0, not "${values.epochs}".`);
  return {
    names: wanted.length === 0 ? all : all.filter((name) => wanted.includes(name)),
    epochs,
    reuse: values.reuse,
    help: values.help,
  };
}

function split(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        epochs: { type: 'string', default: '10' },
        reuse: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new DocsError(`${(error as Error).message.split(/\. |\n/u)[0]}; --help lists the flags.`);
  }
}
