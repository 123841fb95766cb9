const { createHash } = require('node:crypto');
const { existsSync, readFileSync, renameSync, rmSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { run } = require('./process/command.cjs');
const { download } = require('./process/download.cjs');
const { removeUnfinished } = require('./process/unfinished.cjs');
const { pythonWithPip } = require('./tensorflow.cjs');

/** The exact version and the hashes of each package of TensorFlow's extra `and-cuda` (CONTRIBUTING.md). */
const lockFile = join(__dirname, 'cuda', 'lock.txt');

/** Names of the systems for which a wheel is right on Linux x64 with glibc 2.27, which pip asks for one by one. */
const platforms = [
  ...Array.from({ length: 23 }, (_, i) => `manylinux_2_${27 - i}`),
  ...['manylinux2014', 'manylinux2010', 'manylinux1'],
];

/** What is fetched, and what the packages take of a disk together with that, in MB. */
const fetched = 2807;
const megabytes = fetched + 4440;

function stamp() {
  return createHash('sha256').update(readFileSync(lockFile)).digest('hex');
}

/**
 * TensorFlow looks for CUDA in `../nvidia` from where its library is.
 *
 * @param {string} library TensorFlow's folder
 */
function cudaFolder(library) {
  return join(library, 'nvidia');
}

/** @param {string} library TensorFlow's folder */
function cudaIsReady(library) {
  const file = join(cudaFolder(library), 'set-up.txt');
  return existsSync(file) && readFileSync(file, 'utf8') === stamp();
}

/**
 * Puts NVIDIA's packages to where TensorFlow finds them.
 *
 * @param {string} python a Python with the module venv
 * @param {string} library TensorFlow's folder
 */
async function installCuda(python, library) {
  const draft = `${library}-cuda.part`;
  rmSync(draft, { recursive: true, force: true });
  rmSync(cudaFolder(library), { recursive: true, force: true });
  await removeUnfinished(draft, async () => {
    const pip = await pythonWithPip(python, join(draft, 'venv'));
    const words = [
      ...['-m', 'pip', 'install', '--no-cache-dir', '--no-input', '--progress-bar', 'off', '--no-compile'],
      ...['--no-deps', '--require-hashes', '--only-binary=:all:', '--python-version', '3.12'],
      ...platforms.flatMap((name) => ['--platform', `${name}_x86_64`]),
      ...['--disable-pip-version-check', '--target', join(draft, 'packages'), '-r', lockFile],
    ];
    await download("pip could not install NVIDIA's packages", () => run(pip, words));
    const installed = join(draft, 'packages', 'nvidia');
    writeFileSync(join(installed, 'set-up.txt'), stamp());
    renameSync(installed, cudaFolder(library));
  });
}

module.exports = { fetched, megabytes, cudaIsReady, installCuda };
