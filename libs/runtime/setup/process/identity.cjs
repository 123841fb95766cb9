const { spawnSync } = require('node:child_process');
const { readFileSync } = require('node:fs');

/**
 * A text that no other process has had or will have under the same number: when it started, and on which boot.
 * Null if there is no such process (one that has ended and awaits its parent counts as gone).
 *
 * @param {number} pid
 * @returns {string | null}
 */
function processIdentity(pid) {
  if (!Number.isInteger(pid) || pid <= 0) return null;
  if (process.platform === 'linux') {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (fields[0] === 'Z' || fields[0] === 'X') return null;
      return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}:${fields[19]}`;
    } catch {
      return null;
    }
  }
  const { status, stdout } = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
  return status === 0 && stdout.trim() !== '' ? stdout.trim() : null;
}

module.exports = { processIdentity };
