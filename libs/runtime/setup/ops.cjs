const { mkdirSync, readdirSync, renameSync } = require('node:fs');
const { dirname, join } = require('node:path');
const { SetupError } = require('./errors.cjs');
const { nativeSource } = require('./places.cjs');
const { errorLines, lastLines, run } = require('./process/command.cjs');
const { removeUnfinished } = require('./process/unfinished.cjs');
const { compilerCommand } = require('./requirements.cjs');

/**
 * Compiles our TensorFlow ops, and puts them in place if they can be loaded.
 *
 * @param {string} library TensorFlow's
 * @param {string} ops the file to make; TensorFlow's library is at `../deps/lib` from it
 * @param {string} [source] the folder of the C++ files
 */
async function buildOps(library, ops, source = nativeSource) {
  const draft = ops.replace(/\.node$/, '.part.node');
  mkdirSync(dirname(ops), { recursive: true });
  await removeUnfinished(draft, async () => {
    const { file, args } = compilerCommand();
    const compiled = await run(file, [
      ...args,
      ...['-std=c++17', '-O3', '-DNDEBUG', '-fPIC', '-shared', '-fvisibility=hidden', '-w'],
      ...['-isystem', join(library, 'include')],
      ...readdirSync(source)
        .filter((name) => name.endsWith('.cc'))
        .map((name) => join(source, name)),
      ...['-o', draft],
      ...[`-L${join(library, 'lib')}`, '-ltensorflow', '-ltensorflow_framework'],
      '-Wl,-rpath,$ORIGIN/../deps/lib',
    ]);
    if (compiled.code !== 0) {
      throw new SetupError(`our TensorFlow ops could not be compiled:\n${errorLines(compiled.output)}`);
    }
    const loaded = await run(process.execPath, ['-e', `require(${JSON.stringify(draft)})`]);
    if (loaded.code !== 0) {
      throw new SetupError(`our TensorFlow ops do not run on this machine:\n${lastLines(loaded.output)}`);
    }
    renameSync(draft, ops);
  });
}

module.exports = { buildOps };
