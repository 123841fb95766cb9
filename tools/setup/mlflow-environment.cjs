const { createHash } = require('node:crypto');
const { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { SetupError } = require('../../libs/runtime/setup/errors.cjs');
const { lastLines, run } = require('../../libs/runtime/setup/process/command.cjs');
const { download } = require('../../libs/runtime/setup/process/download.cjs');
const { removeUnfinished } = require('../../libs/runtime/setup/process/unfinished.cjs');
const { root } = require('./paths.cjs');

/** The exact version and the hashes of each package, for every platform and Python from 3.10 on (CONTRIBUTING.md). */
const lockFile = join(root, 'tools', 'mlflow', 'environment', 'lock.txt');
const lock = readFileSync(lockFile, 'utf8');
const mlflowVersion = /^mlflow==([\d.]+)/m.exec(lock)?.[1] ?? '';
const begun = 'unfinished';
const done = `mlflow ${mlflowVersion}, ${createHash('sha256').update(lock).digest('hex')}`;

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

/** @param {Paths} paths */
async function installMlflow(paths) {
  await removeUnfinished(
    paths.environment,
    async () => {
      const words = [
        ...['-m', 'pip', 'install', '--no-input', '--progress-bar', 'off', '--no-compile'],
        ...['--disable-pip-version-check', '--require-hashes', '--no-deps', '-r', lockFile],
      ];
      await download(`pip could not install mlflow ${mlflowVersion}`, () => run(paths.python, words));
      writeFileSync(paths.environmentStamp, done);
    },
    () => environmentIsReady(paths),
  );
}

module.exports = { mlflowVersion, environmentIsReady, makeEnvironment, installMlflow };
