const { mkdirSync, readdirSync, renameSync } = require('node:fs');
const { dirname, join } = require('node:path');
const { SetupError } = require('./errors.cjs');
const { errorLines, lastLines, run } = require('./process/command.cjs');
const { removeUnfinished } = require('./process/unfinished.cjs');
const { compilerCommand } = require('./requirements.cjs');

/**
 * What is compiled: the C++ files of a folder, into a file, with some of TensorFlow's libraries, which are at `../deps/lib`
 * from it.
 *
 * @typedef {{ readonly file: string, readonly source: string, readonly libraries: readonly string[] }} NativeModule
 */

/**
 * Compiles our own C++, and puts it in place if it can be loaded.
 *
 * @param {string} library TensorFlow's
 * @param {NativeModule} module
 * @param {readonly string[]} [flags] what the compiler is told of optimising and checking
 * @param {NodeJS.ProcessEnv} [environment] names the compiler, and is that in which the module is loaded
 */
async function buildNative(
  library,
  { file: target, source, libraries },
  flags = ['-O3'],
  environment = process.env,
) {
  const draft = target.replace(/\.node$/, '.part.node');
  mkdirSync(dirname(target), { recursive: true });
  await removeUnfinished(draft, async () => {
    const { file, args } = compilerCommand(environment);
    const compiled = await run(file, [
      ...args,
      ...flags,
      ...['-std=c++17', '-DNDEBUG', '-fPIC', '-shared', '-fvisibility=hidden', '-w'],
      ...['-isystem', join(library, 'include')],
      ...readdirSync(source)
        .filter((name) => name.endsWith('.cc'))
        .map((name) => join(source, name)),
      ...['-o', draft],
      ...[`-L${join(library, 'lib')}`, ...libraries.map((name) => `-l${name}`)],
      '-Wl,-rpath,$ORIGIN/../deps/lib',
    ]);
    if (compiled.code !== 0) {
      throw new SetupError(`our part of TensorFlow could not be compiled:\n${errorLines(compiled.output)}`);
    }
    const loaded = await run(process.execPath, ['-e', `require(${JSON.stringify(draft)})`], {
      env: environment,
    });
    if (loaded.code !== 0) {
      throw new SetupError(
        `our part of TensorFlow does not run on this machine:\n${lastLines(loaded.output)}`,
      );
    }
    renameSync(draft, target);
  });
}

module.exports = { buildNative };
