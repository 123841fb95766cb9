import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Where the package has the program, beside which there are no sources to bundle it of. */
const built = join(__dirname, '..', 'live.js');

let program: Promise<string> | undefined;

/** The program of a page, for browsers: as it was built, or newly bundled where the sources themselves are run. */
export function liveProgram(): Promise<string> {
  program ??= existsSync(built) ? readFile(built, 'utf8') : bundled();
  return program;
}

async function bundled(): Promise<string> {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: [join(__dirname, '..', 'live', 'main.ts')],
    ...{ bundle: true, minify: true, write: false, format: 'iife', target: 'es2022' },
    ...{ platform: 'browser', legalComments: 'none', logLevel: 'silent' },
    conditions: ['@label-relaxation/source'],
  });
  return outputFiles[0]!.text;
}
