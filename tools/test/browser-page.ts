import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { type Browser, chromium, type Page } from 'playwright-core';

/** A page in headless Chromium. */
export interface BrowserPage {
  readonly page: Page;
  /** Loads the page, so that its program begins to run. */
  load(): Promise<unknown>;
  close(): Promise<void>;
}

export interface BrowserPageOptions {
  readonly executablePath: string;
  /** The page's TypeScript, and the folder whose packages it imports. */
  readonly program: string;
  readonly resolveDir: string;
  /** What the page can fetch, by path, beside onnxruntime-web's own files. */
  readonly files: Readonly<Record<string, Uint8Array>>;
}

/** No server is needed: what the page requests is answered here. */
const site = 'http://localhost';

/**
 * Opens a page with a program that is bundled as a user of the packages would: from their sources, with onnxruntime-web's
 * WebAssembly beside it.
 */
export async function openPage({
  executablePath,
  program,
  resolveDir,
  files,
}: BrowserPageOptions): Promise<BrowserPage> {
  const { outputFiles } = await build({
    stdin: { contents: program, resolveDir, loader: 'ts' },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    conditions: ['@label-relaxation/source', 'onnxruntime-web-use-extern-wasm'],
  });
  const wasm = dirname(require.resolve('onnxruntime-web'));
  const browser: Browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  const page = await browser.newPage();
  await page.route(`${site}/**`, async (route) => {
    const path = new URL(route.request().url()).pathname;
    if (path === '/') {
      await route.fulfill({
        contentType: 'text/html',
        body: '<!doctype html><script type="module" src="/page.js"></script>',
      });
    } else if (path === '/page.js') {
      await route.fulfill({ contentType: 'text/javascript', body: outputFiles[0]!.text });
    } else if (path in files) {
      await route.fulfill({ contentType: 'application/octet-stream', body: Buffer.from(files[path]!) });
    } else {
      const contentType = path.endsWith('.wasm') ? 'application/wasm' : 'text/javascript';
      const body = await readFile(join(wasm, path)).catch(() => null);
      await route.fulfill(body ? { contentType, body } : { status: 404 });
    }
  });
  return { page, load: () => page.goto(`${site}/`), close: () => browser.close() };
}
