import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { RuntimeError } from './errors';

/**
 * Makes ready what tfjs-node expects when it is loaded: two functions of `node:util` that newer Node releases no
 * longer have, quiet native logging, and oneDNN's kernels. Importing this file before tfjs-node is enough.
 *
 * The number of threads can only be chosen before that, through `TF_NUM_INTRAOP_THREADS` and `TF_NUM_INTEROP_THREADS`.
 */
function prepare(): void {
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
  // TensorFlow itself takes oneDNN's kernels only on newer processors, but they are faster on all.
  process.env['TF_ENABLE_ONEDNN_OPTS'] ??= '1';

  const util = createRequire(__filename)('node:util') as Record<string, unknown>;
  util['isNullOrUndefined'] ??= (value: unknown) => value === null || value === undefined;
  util['isArray'] ??= Array.isArray;

  if (!hasNativeLibrary()) {
    throw new RuntimeError(
      'TensorFlow\'s native library is not set up for tfjs-node: run "npm start" or "node tools/setup/setup.mjs" first.',
    );
  }
}

function hasNativeLibrary(): boolean {
  const root = dirname(createRequire(__filename).resolve('@tensorflow/tfjs-node/package.json'));
  const lib = join(root, 'lib');
  return (
    existsSync(lib) && readdirSync(lib).some((folder) => existsSync(join(lib, folder, 'tfjs_binding.node')))
  );
}

prepare();
