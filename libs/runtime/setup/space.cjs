const { statSync, statfsSync } = require('node:fs');
const { SetupError } = require('./errors.cjs');
const { existing } = require('./process/writable.cjs');

/**
 * Checks that disks have room for what folders will hold, those on one disk added up.
 *
 * @param {readonly { folder: string, megabytes: number }[]} needs
 */
function checkSpace(needs) {
  /** @type {Map<number, { folder: string, needed: number }>} */
  const disks = new Map();
  for (const { folder, megabytes } of needs) {
    const { dev } = statSync(existing(folder));
    const needed = (disks.get(dev)?.needed ?? 0) + megabytes;
    disks.set(dev, { folder: disks.get(dev)?.folder ?? folder, needed });
  }
  for (const { folder, needed } of disks.values()) {
    const { bavail, bsize } = statfsSync(existing(folder));
    const free = Math.floor((bavail * bsize) / 1e6);
    if (needed > 0 && free < needed) {
      throw new SetupError(
        `set-up needs ${needed} MB of disk space at ${folder}, but only ${free} MB are free: make room, or set LABEL_RELAXATION_CACHE to a folder on another disk for TensorFlow`,
      );
    }
  }
}

module.exports = { checkSpace };
