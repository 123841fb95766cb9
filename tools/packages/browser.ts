import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { root } from '../setup/paths.cjs';
import type { Project } from './project';
import { run } from './workspace';

/** The code and the source map of a program of the project and all that it imports, for browsers. */
export interface Bundle {
  readonly code: string;
  readonly map: { readonly sources: readonly string[]; readonly sourcesContent: readonly (string | null)[] };
}

/** Bundles a program by esbuild; what it writes with `node:fs` goes nowhere. */
export function bundle(project: Project, file: string): Bundle {
  project.write('fs.mjs', 'export const writeFileSync = () => undefined;');
  const esbuild = join(root, 'node_modules', 'esbuild', 'bin', 'esbuild');
  const flags = [
    '--bundle',
    '--format=esm',
    '--sourcemap',
    '--alias:node:fs=./fs.mjs',
    '--outfile=bundle.js',
  ];
  run(process.execPath, [esbuild, file, ...flags], { cwd: project.folder });
  const read = (name: string) => readFileSync(join(project.folder, name), 'utf8');
  return { code: read('bundle.js'), map: JSON.parse(read('bundle.js.map')) };
}

/** What a module prints in Chromium. Throws the error that it throws there. */
export async function printedInBrowser(code: string, executablePath: string): Promise<string> {
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage();
    const lines: string[] = [];
    page.on('console', (message) => lines.push(message.text()));
    const failure = new Promise<never>((_resolve, reject) => page.on('pageerror', reject));
    const end = page.waitForFunction(() => 'ended' in globalThis);
    await page.addScriptTag({ type: 'module', content: `${code}\nglobalThis.ended = true;` });
    await Promise.race([end, failure]);
    return lines.join('\n');
  } finally {
    await browser.close();
  }
}
