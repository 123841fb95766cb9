import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { join } from 'node:path';
import { isSetUp, places, tfjsFolder } from '../setup/places.cjs';
import { RuntimeError } from './errors';

/**
 * Makes ready what tfjs-node expects when it is loaded: two functions of `node:util` that newer Node releases no
 * longer have, quiet native logging, oneDNN's kernels, and its addon from where set-up has put it. Importing this file
 * before tfjs-node is enough.
 *
 * The number of threads can only be chosen before that, through `TF_NUM_INTRAOP_THREADS` and `TF_NUM_INTEROP_THREADS`.
 */
function prepare(): void {
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
  // TensorFlow itself takes oneDNN's kernels only on newer processors, but they are faster on all.
  process.env['TF_ENABLE_ONEDNN_OPTS'] ??= '1';
  // Without this the first process takes all of a GPU's memory, and a search has several.
  process.env['TF_FORCE_GPU_ALLOW_GROWTH'] ??= 'true';

  const util = createRequire(__filename)('node:util') as Record<string, unknown>;
  util['isNullOrUndefined'] ??= (value: unknown) => value === null || value === undefined;
  util['isArray'] ??= Array.isArray;

  if (!isSetUp()) {
    throw new RuntimeError(
      `TensorFlow's library is not set up in ${places().shared}: run "npx @label-relaxation/runtime setup" first.`,
    );
  }
  const { native } = places();
  if (native !== null) loadForAll(native.logging.file);
  leadToAddon();
}

/** Loads a native module whose functions take the place of those of the same name in what is loaded later. */
function loadForAll(file: string): void {
  const { RTLD_LAZY, RTLD_GLOBAL } = constants.dlopen;
  process.dlopen({ exports: {} }, file, RTLD_LAZY | RTLD_GLOBAL);
}

/** tfjs-node asks node-pre-gyp where its addon is, by the path of its own package.json. */
function leadToAddon(): void {
  const manifest = join(tfjsFolder(), 'package.json');
  const finder = createRequire(manifest)('@mapbox/node-pre-gyp/lib/pre-binding') as {
    find(file: string, options?: object): string;
  };
  const { find } = finder;
  finder.find = (file, options) => (file === manifest ? places().addon : find(file, options));
}

prepare();
