/**
 * Loaded before an app with `node -r`: lets Node run its TypeScript, and tells it how to have this checkout's MLflow server,
 * should it need one.
 */
const { join } = require('node:path');
const { root } = require('./paths.cjs');

// npm runs its scripts in the checkout, wherever the user is, whose paths are relative to that folder.
const { INIT_CWD } = process.env;
if (INIT_CWD && process.cwd() === root) process.env.LABEL_RELAXATION_FOLDER = INIT_CWD;

require('./typescript.cjs');

process.env.LABEL_RELAXATION_SERVER = join(root, 'tools', 'mlflow', 'mlflow.mjs');
