const { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } = require('node:fs');
const { SetupError } = require('../../libs/runtime/setup/errors.cjs');
const { lastLines, run } = require('../../libs/runtime/setup/process/command.cjs');
const { download } = require('../../libs/runtime/setup/process/download.cjs');
const { removeUnfinished } = require('../../libs/runtime/setup/process/unfinished.cjs');
const { asLocked, lockHash, mlflowVersion, provideWheels } = require('./mlflow-wheels.cjs');

const begun = 'unfinished';
const done = `mlflow ${mlflowVersion}, ${lockHash}`;

/** @typedef {ReturnType<import('./paths.cjs').checkoutPaths>} Paths */

/** @param {Paths} paths */
function environmentIsReady(paths) {
  const { environmentStamp: stamp, python } = paths;
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === done && existsSync(python);
}

/**
 * Makes an empty virtual environment in place of an unfinished or outdated one.
 *
 * @param {Paths} paths
 * @param {string} python
 */
async function makeEnvironment(paths, python) {
  let made = false;
  if (existsSync(paths.environment)) {
    if (!existsSync(paths.environmentStamp) && readdirSync(paths.environment).length > 0) {
      throw new SetupError(`${paths.environment} was not made by set-up: move it away or remove it`);
    }
    rmSync(paths.environment, { recursive: true, force: true });
  }
  await removeUnfinished(
    paths.environment,
    async () => {
      mkdirSync(paths.environment);
      writeFileSync(paths.environmentStamp, begun);
      const { code, output } = await run(python, ['-m', 'venv', paths.environment]);
      if (code !== 0)
        throw new SetupError(`${python} could not make a virtual environment:\n${lastLines(output)}`);
      made = true;
    },
    () => made,
  );
}

/** What pip says of files that are not those that it was told of, or not there. */
const damaged = /DO NOT MATCH THE HASHES|No matching distribution/;

/**
 * Installs MLflow from the wheels in the cache, which are fetched if they are not there, or are damaged.
 *
 * @param {Paths} paths
 * @param {(holder: { pid: number }) => void} onWait called if another set-up is fetching them
 */
async function installMlflow(paths, onWait) {
  const attempt = async () => {
    const wheels = await provideWheels(paths.python, onWait);
    const { words, env } = placesToFind(wheels);
    const ended = await run(paths.python, ['-m', 'pip', 'install', '--no-compile', ...words, ...asLocked], {
      env,
    });
    if (wheels !== null && damaged.test(ended.output)) rmSync(wheels, { recursive: true, force: true });
    return ended;
  };
  await removeUnfinished(
    paths.environment,
    async () => {
      await download(`pip could not install mlflow ${mlflowVersion}`, attempt);
      writeFileSync(paths.environmentStamp, done);
    },
    () => environmentIsReady(paths),
  );
}

/**
 * How pip finds what it installs: in a folder of wheels alone, or as it is used to.
 *
 * @param {string | null} wheels
 */
function placesToFind(wheels) {
  if (wheels === null) return { words: [], env: process.env };
  const words = ['--find-links', wheels];
  // What is no wheel has to be built, with tools of its own that pip fetches.
  if (!readdirSync(wheels).every((name) => name.endsWith('.whl'))) return { words, env: process.env };
  return { words: [...words, '--no-index'], env: { ...process.env, PIP_FIND_LINKS: '' } };
}

module.exports = { environmentIsReady, makeEnvironment, installMlflow };
