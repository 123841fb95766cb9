const { mkdirSync, readdirSync, renameSync } = require('node:fs');
const { availableParallelism } = require('node:os');
const { join } = require('node:path');
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
 * Compiles our own C++, a file on each processor, and puts it in place if it can be loaded.
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
  const objects = `${draft}.objects`;
  const { file, args } = compilerCommand(environment);
  const compile = async (/** @type {readonly string[]} */ words) => {
    const { code, output } = await run(file, [...args, ...flags, ...words]);
    if (code === 0) return;
    throw new SetupError(`our part of TensorFlow could not be compiled:\n${errorLines(output)}`);
  };
  const include = ['-isystem', join(library, 'include')];
  const build = async () => {
    const sources = readdirSync(source).filter((name) => name.endsWith('.cc'));
    await onAllProcessors(sources, (name) =>
      compile([
        ...['-std=c++17', '-DNDEBUG', '-fPIC', '-fvisibility=hidden', '-w', ...include],
        ...['-c', join(source, name), '-o', join(objects, `${name}.o`)],
      ]),
    );
    await compile([
      ...['-shared', ...sources.map((name) => join(objects, `${name}.o`)), '-o', draft],
      ...[`-L${join(library, 'lib')}`, ...libraries.map((name) => `-l${name}`)],
      '-Wl,-rpath,$ORIGIN/../deps/lib',
    ]);
    const loaded = await run(process.execPath, ['-e', `require(${JSON.stringify(draft)})`], {
      env: environment,
    });
    if (loaded.code !== 0) {
      throw new SetupError(
        `our part of TensorFlow does not run on this machine:\n${lastLines(loaded.output)}`,
      );
    }
    renameSync(draft, target);
  };
  mkdirSync(objects, { recursive: true });
  await removeUnfinished(objects, () => removeUnfinished(draft, build));
}

/**
 * Does something with each item, as many at a time as there are processors. Where one fails, those that have begun end.
 *
 * @template T
 * @param {readonly T[]} items
 * @param {(item: T) => Promise<void>} action
 */
async function onAllProcessors(items, action) {
  const waiting = [...items];
  const lane = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
      await action(item).catch((error) => {
        waiting.length = 0;
        throw error;
      });
    }
  };
  const lanes = await Promise.allSettled(Array.from({ length: availableParallelism() }, lane));
  for (const one of lanes) if (one.status === 'rejected') throw one.reason;
}

module.exports = { buildNative };
