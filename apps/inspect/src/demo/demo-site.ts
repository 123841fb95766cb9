import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pageStyle } from '@label-relaxation/confidence';
import { bundle } from '../server/bundle';
import type { Site, SiteFile } from '../server/site';
import { pageFile } from '../server/site';
import { body } from './body';
import type { Samples } from './facts';
import type { FetchedRun } from './fetch-runs';
import { style } from './style';

/** What runs a model in the browser, as onnxruntime-web asks for it. */
const runtimeFiles = {
  'ort-wasm-simd-threaded.mjs': 'text/javascript; charset=utf-8',
  'ort-wasm-simd-threaded.wasm': 'application/wasm',
} as const;

/** The page, its programs, the runs with their models, and what runs these. */
export async function demoSite(runs: readonly FetchedRun[], samples: Samples): Promise<Site> {
  const page = pageFile({
    title: 'Try a model',
    description: 'Draw a digit or drop a picture, and see how sure a model is',
    style: pageStyle + style,
    body,
    program: '/demo/page/page.js',
  });
  const models = runs.map(
    ({ model }, i) => [`/models/${i}.onnx`, { type: 'application/octet-stream', body: model }] as const,
  );
  return new Map<string, SiteFile>([
    ['/', page],
    ['/runs.json', json(runs.map(({ facts }) => facts))],
    ['/samples.json', json(samples)],
    ...models,
    ...(await bundle(['demo/page/page'])),
    ...(await runtime()),
  ]);
}

async function runtime(): Promise<[string, SiteFile][]> {
  const folder = dirname(require.resolve('onnxruntime-web'));
  return Promise.all(
    Object.entries(runtimeFiles).map(
      async ([name, type]) =>
        [`/ort/${name}`, { type, body: await readFile(join(folder, name)) }] as [string, SiteFile],
    ),
  );
}

function json(value: unknown): SiteFile {
  return { type: 'application/json; charset=utf-8', body: JSON.stringify(value) };
}
