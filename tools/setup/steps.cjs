const { existsSync, mkdirSync, statSync, statfsSync } = require('node:fs');
const { dirname } = require('node:path');
const { addonIsReady, buildAddon } = require('./addon.cjs');
const { killAll } = require('./command.cjs');
const { SetupError } = require('./errors.cjs');
const { withLock } = require('./lock.cjs');
const {
  environmentIsReady,
  installMlflow,
  makeEnvironment,
  mlflowVersion,
} = require('./mlflow-environment.cjs');
const { installPackages, packagesAreCurrent } = require('./npm-packages.cjs');
const { buildOps, opsAreReady } = require('./ops.cjs');
const { checkoutPaths, wheelFolder } = require('./paths.cjs');
const { choosePython, findNpm, installCommand, missingCompilers } = require('./requirements.cjs');
const {
  fetchWheel,
  libraryIsReady,
  unpackLibrary,
  version,
  wheelFor,
  wheelName,
} = require('./tensorflow.cjs');

/**
 * @typedef {ReturnType<typeof checkoutPaths>} Paths
 * @typedef {ReturnType<typeof lacking>} Lacking
 * @typedef {{ top?: string, say?: (text: string) => void }} Options `say` gets text as it is to be shown, with its line ends
 */

/** @param {Paths} paths */
function lacking(paths) {
  const packages = !packagesAreCurrent(paths.top);
  const library = packages || !libraryIsReady(paths.tfjs);
  const addon = library || !addonIsReady(paths.tfjs);
  const ops = addon || !opsAreReady(paths);
  const mlflow = !environmentIsReady(paths);
  return { packages, library, addon, ops, mlflow, any: ops || mlflow };
}

/**
 * Names every missing program in one error, so that one round of installing is enough.
 *
 * @param {Lacking} lack
 * @returns {string} the Python to use, or '' if none is needed
 */
function checkPrograms(lack) {
  const missing = [];
  if (lack.packages && findNpm() === null) {
    missing.push(`npm is missing: install it with ${installCommand('npm')}`);
  }
  let python = '';
  if (lack.library || lack.mlflow) {
    const choice = choosePython();
    if ('missing' in choice) missing.push(choice.missing);
    else python = choice.python.file;
  }
  if (lack.ops) missing.push(...missingCompilers());
  if (missing.length > 0) throw new SetupError(missing.join('\n'));
  return python;
}

/**
 * What will be fetched, after checking that it fits on the disk.
 *
 * @param {Paths} paths
 * @param {Lacking} lack
 */
function announce(paths, lack) {
  const cached = existsSync(`${wheelFolder()}/${wheelName(wheelFor())}`);
  const { megabytes } = wheelFor();
  const inCache = lack.library && !cached ? megabytes : 0;
  const parts = [
    { wanted: lack.packages, text: 'npm packages', size: 650 },
    {
      wanted: lack.library,
      text: `TensorFlow ${version} (a wheel of ${megabytes} MB${cached ? ', already here' : ''})`,
      size: 920,
    },
    { wanted: lack.mlflow, text: `MLflow ${mlflowVersion}`, size: 650 },
  ].filter((part) => part.wanted);
  const inCheckout = parts.reduce((sum, part) => sum + part.size, 0);
  for (const [folder, size] of /** @type {const} */ ([
    [paths.top, inCheckout],
    [wheelFolder(), inCache],
  ])) {
    const free = freeMegabytes(folder);
    const needed = folder === paths.top && sameDisk(paths.top, wheelFolder()) ? inCheckout + inCache : size;
    if (size > 0 && free < needed) {
      throw new SetupError(
        `set-up needs ${needed} MB of disk space at ${folder}, but only ${free} MB are free: make room, or set LABEL_RELAXATION_CACHE to a folder on another disk for the downloads`,
      );
    }
  }
  if (parts.length === 0) return '';
  const sum = ((inCheckout + inCache) / 1000).toFixed(1);
  return `Setting up: ${parts.map((part) => part.text).join(', ')}; about ${sum} GB on disk ("npm run clean" removes it).\n`;
}

/** @param {string} folder the nearest parent that exists is asked */
function existing(folder) {
  while (!existsSync(folder)) folder = dirname(folder);
  return folder;
}

/** @param {string} folder */
function freeMegabytes(folder) {
  const { bavail, bsize } = statfsSync(existing(folder));
  return Math.floor((bavail * bsize) / 1e6);
}

/** @param {string} one @param {string} other */
function sameDisk(one, other) {
  return statSync(existing(one)).dev === statSync(existing(other)).dev;
}

/**
 * Brings a checkout to where every command runs: npm packages, TensorFlow's library, the addon, our ops, MLflow. Does nothing,
 * quickly, if all is there. An interrupted set-up goes on where it stopped; two at once wait for each other.
 *
 * @param {Options} [options]
 */
async function setUp({ top, say = () => undefined } = {}) {
  const paths = checkoutPaths(top);
  wheelFor();
  if (!lacking(paths).any) return;
  await withLock(
    paths.lock,
    async () => perform(paths, lacking(paths), say),
    ({ pid }) => say(`Waiting for another set-up of this checkout (process ${pid}) to finish.\n`),
  );
}

/** @param {Paths} paths @param {Lacking} lack @param {(text: string) => void} say */
async function perform(paths, lack, say) {
  if (!lack.any) return;
  const python = checkPrograms(lack);
  say(announce(paths, lack));
  const steps = [
    { wanted: lack.packages, name: 'npm packages', run: () => installPackages(paths.top) },
    { wanted: lack.mlflow || lack.library, name: 'Python environment', run: () => ensurePip(paths, python) },
    { wanted: lack.library, name: `TensorFlow ${version}`, run: () => provideLibrary(paths) },
    {
      wanted: lack.addon,
      name: 'TensorFlow addon for Node (compiling)',
      run: () => buildAddon(paths.modules, paths.tfjs, python || paths.python),
    },
    { wanted: lack.ops, name: 'Ops of our own (compiling)', run: () => buildOps(paths) },
    { wanted: lack.mlflow, name: `MLflow ${mlflowVersion}`, run: () => installMlflow(paths) },
  ].filter((step) => step.wanted);
  for (const [index, step] of steps.entries()) {
    say(`[${index + 1}/${steps.length}] ${step.name} ... `);
    const start = Date.now();
    try {
      await step.run();
    } catch (error) {
      say('failed\n');
      throw error;
    }
    say(`${((Date.now() - start) / 1000).toFixed(0)} s\n`);
  }
}

/** @param {Paths} paths @param {string} python */
async function ensurePip(paths, python) {
  if (!environmentIsReady(paths)) await makeEnvironment(paths, python);
}

/** @param {Paths} paths */
async function provideLibrary(paths) {
  mkdirSync(wheelFolder(), { recursive: true });
  const wheel = await fetchWheel(paths.python, wheelFolder());
  await unpackLibrary(paths.python, wheel, paths.tfjs);
}

/**
 * Makes a signal end the running step with all its processes, and this process with the signal's exit code. It goes on
 * being heard, as npm hands on what the terminal has told already, and what is unfinished has yet to be removed.
 */
function endOnSignals() {
  for (const [signal, code] of /** @type {const} */ ([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ])) {
    process.on(signal, () => {
      killAll('SIGKILL');
      process.exit(code);
    });
  }
}

module.exports = { setUp, endOnSignals };
