const { join, resolve } = require('node:path');

const root = resolve(__dirname, '..', '..');

/** Files and folders that set-up makes inside a checkout; all of them are ignored by git. */
function checkoutPaths(top = root) {
  const modules = join(top, 'node_modules');
  return {
    top,
    modules,
    environment: join(top, '.venv'),
    environmentStamp: join(top, '.venv', 'set-up.txt'),
    python: join(top, '.venv', 'bin', 'python'),
    server: join(top, '.mlflow'),
    lock: join(top, 'tmp', 'set-up.lock'),
  };
}

module.exports = { root, checkoutPaths };
