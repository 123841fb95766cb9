const { createHash } = require('node:crypto');
const { existsSync, readFileSync, readdirSync } = require('node:fs');
const { homedir } = require('node:os');
const { dirname, isAbsolute, join, resolve } = require('node:path');
const { chooseDevice, hasDriver } = require('./device.cjs');

/** TensorFlow's version: that of the wheel which set-up fetches. */
const version = '2.21.0';

const platform = `${process.platform}-${process.arch}`;

/** Our own C++: ops, and in a folder of it what is loaded before TensorFlow. */
const nativeSource = join(__dirname, '..', 'native');

/** Whether there is code of our own for this platform; elsewhere TensorFlow's own ops do the same. */
const haveNative = platform === 'linux-x64';

/** The folder for what projects share, by the same rule as the library `data`. */
function cacheFolder(environment = process.env) {
  const { LABEL_RELAXATION_CACHE: own, XDG_CACHE_HOME: shared } = environment;
  if (own) return resolve(own);
  return join(shared && isAbsolute(shared) ? shared : join(homedir(), '.cache'), 'label-relaxation');
}

/**
 * Where set-up puts what it fetches and compiles, for the processor and for a GPU apart. The addon and our ops find
 * TensorFlow's library from where they are, in `../../deps/lib` and `../deps/lib`. Throws a SetupError if
 * LABEL_RELAXATION_DEVICE asks for what there is not.
 */
function places(environment = process.env) {
  const shared = join(cacheFolder(environment), 'tensorflow');
  const homes = {
    cpu: join(shared, `${version}-${platform}`),
    gpu: join(shared, `${version}-${platform}-gpu`),
  };
  const { device, fallback } = chooseDevice(environment.LABEL_RELAXATION_DEVICE, {
    platform,
    hasDriver,
    isSetUp: existsSync(addonIn(homes.gpu)),
  });
  const home = homes[device];
  return {
    device,
    /** The line that says why it is not the one that was asked for, if so. */
    fallback,
    /** All of it. */
    shared,
    lock: join(shared, 'set-up.lock'),
    /** TensorFlow's library and headers. */
    library: join(home, 'deps'),
    /** tfjs-node's addon. */
    addon: addonIn(home),
    /** Our own modules in the order in which they are loaded: before TensorFlow, and after it; null where there are none. */
    native: haveNative
      ? {
          logging: nativeModule(home, 'logging', join(nativeSource, 'logging'), []),
          ops: nativeModule(home, 'native_ops', nativeSource, ['tensorflow', 'tensorflow_framework']),
        }
      : null,
  };
}

/**
 * tfjs-node's addon, which set-up makes after TensorFlow's library and all that this needs.
 *
 * @param {string} home
 */
function addonIn(home) {
  return join(home, 'lib', 'napi-v8', 'tfjs_binding.node');
}

/**
 * A module of ours, whose name tells it from those of other versions of this package.
 *
 * @param {string} home
 * @param {string} name
 * @param {string} source
 * @param {readonly string[]} libraries
 */
function nativeModule(home, name, source, libraries) {
  return { file: join(home, 'lib', `${name}-${fingerprint(source)}.node`), source, libraries };
}

/** @typedef {ReturnType<typeof places>} Places */

/**
 * Whether set-up has made all that tfjs-node needs.
 *
 * @param {Places} [where]
 */
function isSetUp({ library, addon, native } = places()) {
  const own = Object.values(native ?? {}).map(({ file }) => file);
  return [join(library, 'set-up.txt'), addon, ...own].every((file) => existsSync(file));
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

module.exports = { version, cacheFolder, places, isSetUp, tfjsFolder };
