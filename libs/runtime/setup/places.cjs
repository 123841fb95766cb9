const { createHash } = require('node:crypto');
const { existsSync, readFileSync, readdirSync } = require('node:fs');
const { homedir } = require('node:os');
const { dirname, isAbsolute, join, resolve } = require('node:path');

/** TensorFlow's version: that of the wheel which set-up fetches. */
const version = '2.21.0';

const platform = `${process.platform}-${process.arch}`;

/** The C++ of our own ops. */
const nativeSource = join(__dirname, '..', 'native');

/** Whether there is code for this platform's processors; elsewhere TensorFlow's own ops do the same. */
const haveOps = platform === 'linux-x64';

/** The folder for what projects share, by the same rule as the library `data`. */
function cacheFolder(environment = process.env) {
  const { LABEL_RELAXATION_CACHE: own, XDG_CACHE_HOME: shared } = environment;
  if (own) return resolve(own);
  return join(shared && isAbsolute(shared) ? shared : join(homedir(), '.cache'), 'label-relaxation');
}

/**
 * Where set-up puts what it fetches and compiles. The addon and our ops find TensorFlow's library from where they are, in
 * `../../deps/lib` and `../deps/lib`.
 */
function places(environment = process.env) {
  const shared = join(cacheFolder(environment), 'tensorflow');
  const home = join(shared, `${version}-${platform}`);
  return {
    /** All of it. */
    shared,
    lock: join(shared, 'set-up.lock'),
    /** TensorFlow's library and headers. */
    library: join(home, 'deps'),
    /** tfjs-node's addon. */
    addon: join(home, 'lib', 'napi-v8', 'tfjs_binding.node'),
    /** Our ops, as other versions of this package have others; null where there are none. */
    ops: haveOps ? join(home, 'lib', `native_ops-${fingerprint(nativeSource)}.node`) : null,
  };
}

/** @typedef {ReturnType<typeof places>} Places */

/**
 * Whether set-up has made all that tfjs-node needs.
 *
 * @param {Places} [where]
 */
function isSetUp({ library, addon, ops } = places()) {
  return [join(library, 'set-up.txt'), addon, ...(ops === null ? [] : [ops])].every((file) =>
    existsSync(file),
  );
}

/**
 * Tells one state of a folder's C++ files from another.
 *
 * @param {string} folder
 */
function fingerprint(folder) {
  const hash = createHash('sha256');
  const names = readdirSync(folder).filter((name) => /\.(cc|h)$/.test(name));
  for (const name of names.sort()) hash.update(readFileSync(join(folder, name)));
  return hash.digest('hex').slice(0, 16);
}

/** The folder of tfjs-node, which comes with this package. */
function tfjsFolder() {
  return dirname(require.resolve('@tensorflow/tfjs-node/package.json'));
}

module.exports = { version, nativeSource, cacheFolder, places, isSetUp, tfjsFolder };
