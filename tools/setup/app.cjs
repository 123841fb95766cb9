/**
 * Loaded before an app with `node -r`: lets Node run its TypeScript, and tells it how to have this checkout's MLflow server,
 * should it need one.
 */
const { join } = require('node:path');
const { root } = require('./paths.cjs');

require('./typescript.cjs');

process.env.LABEL_RELAXATION_SERVER = join(root, 'tools', 'mlflow', 'mlflow.mjs');
