const { createHash } = require('node:crypto');
const { homedir } = require('node:os');
const { isAbsolute, join, resolve } = require('node:path');

const root = resolve(__dirname, '..', '..');

/** Files and folders that set-up makes inside a checkout; all of them are ignored by git. */
function checkoutPaths(top = root) {
  const modules = join(top, 'node_modules');
  return {
    top,
    modules,
    nativeSource: join(top, 'libs', 'runtime', 'native'),
    tfjs: join(modules, '@tensorflow', 'tfjs-node'),
    environment: join(top, '.venv'),
    environmentStamp: join(top, '.venv', 'set-up.txt'),
    python: join(top, '.venv', 'bin', 'python'),
    server: join(top, '.mlflow'),
    lock: join(top, 'tmp', 'set-up.lock'),
  };
}

/** The folder for downloads that several checkouts may share, by the same rule as the library `data`. */
function cacheFolder(environment = process.env) {
  const { LABEL_RELAXATION_CACHE: own, XDG_CACHE_HOME: shared } = environment;
  if (own) return resolve(own);
  return join(shared && isAbsolute(shared) ? shared : join(homedir(), '.cache'), 'label-relaxation');
}

/** Where the TensorFlow wheel is kept. */
function wheelFolder(environment = process.env) {
  return join(cacheFolder(environment), 'tensorflow');
}

/**
 * A short name for a text, to tell one from another.
 *
 * @param {string} text
 */
function fingerprint(text) {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

module.exports = { root, checkoutPaths, cacheFolder, wheelFolder, fingerprint };
