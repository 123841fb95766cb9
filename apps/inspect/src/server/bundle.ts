import { join } from 'node:path';
import { build } from 'esbuild';
import type { SiteFile } from './site';

const sources = join(__dirname, '..');

/**
 * The programs of pages and their workers, for browsers: each at `/<name>.js`, beside what they share.
 *
 * @param names of files in `src` without their ending, such as `inspect/page`
 */
export async function bundle(names: readonly string[]): Promise<Map<string, SiteFile>> {
  const { outputFiles } = await build({
    entryPoints: names.map((name) => ({ in: join(sources, `${name}.ts`), out: name })),
    ...{ bundle: true, splitting: true, minify: true, write: false, outdir: '/', logLevel: 'silent' },
    ...{ format: 'esm', platform: 'browser', target: 'es2022', legalComments: 'none' },
    conditions: ['@label-relaxation/source', 'onnxruntime-web-use-extern-wasm'],
  });
  return new Map(
    outputFiles.map(({ path, contents }) => [
      path,
      { type: 'text/javascript; charset=utf-8', body: contents },
    ]),
  );
}
