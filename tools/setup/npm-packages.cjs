const { existsSync, readFileSync } = require('node:fs');
const { join } = require('node:path');
const { SetupError } = require('../../libs/runtime/setup/errors.cjs');
const { run } = require('../../libs/runtime/setup/process/command.cjs');
const { download } = require('../../libs/runtime/setup/process/download.cjs');
const { removeUnfinished } = require('../../libs/runtime/setup/process/unfinished.cjs');
const { findNpm } = require('../../libs/runtime/setup/requirements.cjs');

/**
 * @typedef {{ version?: string, integrity?: string, link?: boolean, optional?: boolean, devOptional?: boolean, peer?: boolean }} Entry
 * @param {string} file
 * @returns {Record<string, Entry> | null}
 */
function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return null;
  }
}

/**
 * Whether node_modules holds what package-lock.json asks for, by npm's own record of what it installed. Packages
 * that may be absent (for other platforms) count only if they are there in another version.
 *
 * @param {string} top the checkout
 */
function packagesAreCurrent(top) {
  const wanted = packagesOf(join(top, 'package-lock.json'));
  const installed = packagesOf(join(top, 'node_modules', '.package-lock.json'));
  if (wanted === null || installed === null) return false;
  return Object.entries(wanted).every(([path, want]) => {
    if (!path.startsWith('node_modules/') && !path.includes('/node_modules/')) return true;
    const have = installed[path];
    if (have === undefined) return want.optional === true || want.devOptional === true || want.peer === true;
    return have.version === want.version && have.integrity === want.integrity;
  });
}

/**
 * Installs exactly what package-lock.json says.
 *
 * @param {string} top the checkout
 */
async function installPackages(top) {
  const npm = findNpm();
  if (npm === null) throw new SetupError('npm is missing: install it with your Node');
  const modules = join(top, 'node_modules');
  // A version of a package never changes: what npm knows of it already is right, and is there without a network.
  const words = ['ci', '--prefer-offline', '--no-audit', '--no-fund'];
  const options = { cwd: top, env: { ...process.env, npm_config_loglevel: 'error' } };
  await removeUnfinished(
    modules,
    () => download('npm ci failed', () => run(npm.file, [...npm.args, ...words], options), firstErrors),
    () => existsSync(join(modules, '.package-lock.json')),
  );
}

/** @param {string} output npm says first what went wrong, then how npm is used */
function firstErrors(output) {
  const lines = output.split('\n').filter((line) => line.replace('npm error', '').trim() !== '');
  return lines.slice(0, 8).join('\n');
}

module.exports = { packagesAreCurrent, installPackages };
