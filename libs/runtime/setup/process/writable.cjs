const { accessSync, constants, existsSync } = require('node:fs');
const { dirname } = require('node:path');
const { SetupError } = require('../errors.cjs');

/** @param {string} folder @returns {string} itself, or the nearest folder above it that is there */
function existing(folder) {
  while (!existsSync(folder)) folder = dirname(folder);
  return folder;
}

/**
 * Throws a SetupError if a folder, which may be yet to be made, cannot be written to, be it the user's rights or a disk that is
 * mounted read-only.
 *
 * @param {string} folder
 * @param {string} advice what to do then
 */
function checkWritable(folder, advice) {
  try {
    accessSync(existing(folder), constants.W_OK | constants.X_OK);
  } catch (error) {
    const reason = /** @type {Error} */ (error).message.replace(/^\w+: |, access .*$/g, '');
    throw new SetupError(`${folder} cannot be written (${reason}): ${advice}`);
  }
}

/** @param {string} folder */
function isWritable(folder) {
  try {
    checkWritable(folder, '');
    return true;
  } catch {
    return false;
  }
}

module.exports = { existing, checkWritable, isWritable };
