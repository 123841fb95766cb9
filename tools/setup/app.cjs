/**
 * Loaded before an app with `node -r`: lets Node run its TypeScript, and gives it this checkout's MLflow server
 * unless the flags or MLFLOW_TRACKING_URI say that it needs none, or another app forked it.
 */
const { spawnSync } = require('node:child_process');
const { join } = require('node:path');
const { isMainThread } = require('node:worker_threads');
const { needsServer } = require('./wanted.cjs');
const { root } = require('./paths.cjs');

require('./typescript.cjs');

const isForked = process.send !== undefined;

if (isMainThread && !isForked && needsServer(process.argv.slice(2))) {
  const { status, stdout } = spawnSync(
    process.execPath,
    [join(root, 'tools', 'mlflow', 'mlflow.mjs'), 'ensure'],
    {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  if (status !== 0) process.exit(status ?? 1);
  process.env.MLFLOW_TRACKING_URI = stdout.trim();
}
