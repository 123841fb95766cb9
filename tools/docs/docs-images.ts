/** `npm run docs:images`: makes the pictures of the docs anew. `--help` lists the flags. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../setup/paths.cjs';
import { DocsError } from './errors';
import { parseFlags, usage } from './flags';
import { pictureOf, pictures } from './pictures';
import { Workshop } from './workshop';

const all = Object.keys(pictures);

async function main(args: readonly string[]): Promise<void> {
  const { names, epochs, reuse, help } = parseFlags(args, all);
  if (help) {
    process.stdout.write(`${usage(all)}\n`);
    return;
  }
  const workshop = await Workshop.open(epochs, reuse, (line) => void process.stderr.write(`${line}\n`));
  try {
    for (const name of names) {
      const file = join('docs/images', name);
      await writeFile(join(root, file), await pictureOf(name, workshop));
      process.stdout.write(`${file}\n`);
    }
  } finally {
    await workshop.close();
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  const known = error instanceof DocsError;
  process.stderr.write(known ? `${error.message}\n` : `${(error as Error).stack}\n`);
  process.exitCode = known ? 2 : 1;
});
