const { createHash } = require('node:crypto');
const { readFileSync, readdirSync, renameSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { stamp: addonStamp } = require('./addon.cjs');
const { run } = require('./command.cjs');
const { SetupError } = require('./errors.cjs');
const { lastLines } = require('./npm-packages.cjs');
const { compilerCommand } = require('./requirements.cjs');
const { holds } = require('./tensorflow.cjs');
const { removeUnfinished } = require('./unfinished.cjs');

/** @typedef {{ tfjs: string, nativeSource: string }} Paths */

/** Whether there is code for this platform's processors; elsewhere TensorFlow's own ops do the same. */
const haveCode = process.platform === 'linux' && process.arch === 'x64';

/** @param {string} source the folder of the C++ files */
function stampOf(source) {
  const hash = createHash('sha256');
  for (const name of readdirSync(source).sort()) hash.update(readFileSync(join(source, name)));
  return `${addonStamp}, ${hash.digest('hex')}`;
}

/** @param {Paths} paths */
function opsAreReady({ tfjs, nativeSource }) {
  return !haveCode || holds(join(tfjs, 'lib', 'ops.txt'), stampOf(nativeSource));
}

/**
 * Compiles our TensorFlow ops into a file beside tfjs-node's addon, which has to be there, and tries to load it.
 *
 * @param {Paths} paths
 */
async function buildOps({ tfjs, nativeSource }) {
  if (!haveCode) return;
  const draft = join(tfjs, 'lib', 'native_ops.part.node');
  await removeUnfinished(draft, async () => {
    const { file, args } = compilerCommand();
    const compiled = await run(file, [
      ...args,
      ...['-std=c++17', '-O3', '-DNDEBUG', '-fPIC', '-shared', '-fvisibility=hidden', '-w'],
      ...['-isystem', join(tfjs, 'deps', 'include')],
      ...readdirSync(nativeSource)
        .filter((name) => name.endsWith('.cc'))
        .map((name) => join(nativeSource, name)),
      ...['-o', draft],
      ...[`-L${join(tfjs, 'deps', 'lib')}`, '-ltensorflow', '-ltensorflow_framework'],
      '-Wl,-rpath,$ORIGIN/../deps/lib',
    ]);
    if (compiled.code !== 0) {
      throw new SetupError(`our TensorFlow ops could not be compiled:\n${lastLines(compiled.output)}`);
    }
    const loaded = await run(process.execPath, ['-e', `require(${JSON.stringify(draft)})`]);
    if (loaded.code !== 0) {
      throw new SetupError(`our TensorFlow ops do not run on this machine:\n${lastLines(loaded.output)}`);
    }
    renameSync(draft, join(tfjs, 'lib', 'native_ops.node'));
    writeFileSync(join(tfjs, 'lib', 'ops.txt'), stampOf(nativeSource));
  });
}

module.exports = { opsAreReady, buildOps };
