import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import type { Browser } from 'playwright-core';
import type { Project } from './project';

/** The code and the source map of a program of the project and all that it imports, for browsers. */
export interface Bundle {
  readonly code: string;
  readonly map: { readonly sources: readonly string[]; readonly sourcesContent: readonly (string | null)[] };
}

/** Bundles a program by esbuild; what it writes with `node:fs` goes nowhere. */
export function bundle(project: Project, file: string): Bundle {
  project.write('fs.mjs', 'export const writeFileSync = () => undefined;');
  buildSync({
    absWorkingDir: project.folder,
    entryPoints: [file],
    bundle: true,
    format: 'esm',
    sourcemap: true,
    alias: { 'node:fs': './fs.mjs' },
    outfile: 'bundle.js',
  });
  const read = (name: string) => readFileSync(join(project.folder, name), 'utf8');
  return { code: read('bundle.js'), map: JSON.parse(read('bundle.js.map')) };
}

/** What a module prints in a page of its own. Throws the error that it throws there. */
export async function printedIn(browser: Browser, code: string): Promise<string> {
  const page = await browser.newPage();
  try {
    const lines: string[] = [];
    page.on('console', (message) => lines.push(message.text()));
    const failure = new Promise<never>((_resolve, reject) => page.on('pageerror', reject));
    const end = page.waitForFunction(() => 'ended' in globalThis);
    await page.addScriptTag({ type: 'module', content: `${code}\nglobalThis.ended = true;` });
    await Promise.race([end, failure]);
    return lines.join('\n');
  } finally {
    await page.close();
  }
}
