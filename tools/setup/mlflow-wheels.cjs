const { createHash } = require('node:crypto');
const { existsSync, mkdirSync, readFileSync, renameSync, rmSync } = require('node:fs');
const { dirname, join } = require('node:path');
const { SetupError } = require('../../libs/runtime/setup/errors.cjs');
const { cacheFolder } = require('../../libs/runtime/setup/places.cjs');
const { lastLines, run } = require('../../libs/runtime/setup/process/command.cjs');
const { download } = require('../../libs/runtime/setup/process/download.cjs');
const { withLock } = require('../../libs/runtime/setup/process/lock.cjs');
const { removeUnfinished } = require('../../libs/runtime/setup/process/unfinished.cjs');
const { isWritable } = require('../../libs/runtime/setup/process/writable.cjs');
const { root } = require('./paths.cjs');

/** The exact version and the hashes of each package, for every platform and Python from 3.10 on (CONTRIBUTING.md). */
const lockFile = join(root, 'tools', 'mlflow', 'environment', 'lock.txt');
const lock = readFileSync(lockFile, 'utf8');
const lockHash = createHash('sha256').update(lock).digest('hex');
const mlflowVersion = /^mlflow==([\d.]+)/m.exec(lock)?.[1] ?? '';

/** Words for pip wherever it takes what the lock says. */
const asLocked = [
  ...['--no-input', '--progress-bar', 'off', '--disable-pip-version-check'],
  ...['--require-hashes', '--no-deps', '-r', lockFile],
];

/** Where all checkouts of a user have MLflow's wheels. */
function sharedFolder() {
  return join(cacheFolder(), 'mlflow');
}

/**
 * The folder for what a Python needs of the lock.
 *
 * @param {string} python
 */
async function wheelsFolder(python) {
  const question =
    'import sys, sysconfig; print(sys.implementation.cache_tag + sys.abiflags, sysconfig.get_platform(), sep="-")';
  const { code, output } = await run(python, ['-c', question]);
  if (code !== 0) throw new SetupError(`${python} does not run:\n${lastLines(output)}`);
  return join(sharedFolder(), `${lockHash.slice(0, 16)}-${output.trim()}`);
}

/**
 * What the wheels will take of the cache's disk, with the copies that pip has until all have come, in MB.
 *
 * @param {string} python
 */
async function megabytesToFetch(python) {
  const folder = await wheelsFolder(python);
  return existsSync(folder) || !isWritable(folder) ? 0 : 2 * 220;
}

/**
 * Brings MLflow's wheels into the cache, so that further checkouts need no network.
 *
 * @param {string} python one with pip
 * @param {(holder: { pid: number }) => void} onWait called if another set-up is doing that
 * @returns {Promise<string | null>} the folder; null where they are not in the cache and it cannot be written
 */
async function provideWheels(python, onWait) {
  const folder = await wheelsFolder(python);
  if (existsSync(folder)) return folder;
  if (!isWritable(folder)) return null;
  await withLock(
    join(sharedFolder(), 'set-up.lock'),
    async () => {
      if (!existsSync(folder)) await fetchWheels(python, folder);
    },
    onWait,
  );
  return folder;
}

/** @param {string} python @param {string} folder */
async function fetchWheels(python, folder) {
  const draft = `${folder}.part`;
  // What has come stays with pip until all has, for a set-up that goes on.
  const come = join(dirname(folder), 'pip');
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft);
  await removeUnfinished(draft, async () => {
    const words = ['-m', 'pip', 'download', '--cache-dir', come, '--dest', draft, ...asLocked];
    await download(`pip could not download mlflow ${mlflowVersion}`, () => run(python, words));
    renameSync(draft, folder);
  });
  rmSync(come, { recursive: true, force: true });
}

module.exports = { asLocked, lockHash, megabytesToFetch, mlflowVersion, provideWheels, sharedFolder };
