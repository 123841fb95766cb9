const { readFileSync, readdirSync } = require('node:fs');
const { join } = require('node:path');
const { setTimeout: sleep } = require('node:timers/promises');
const { processIdentity } = require('./identity.cjs');

/** In the environment of every program that set-up runs, and so in that of all which those start. */
const variable = 'LABEL_RELAXATION_SET_UP';

/**
 * Marks what a process starts as its own.
 *
 * @param {number} [pid]
 * @param {string | null} [identity]
 * @returns {Record<string, string>} for the environment
 */
function ownership(pid = process.pid, identity = processIdentity(pid)) {
  return { [variable]: `${pid}, ${identity}` };
}

/**
 * Ends all that a process has started which was killed itself. Where the system tells no environments (no /proc), nothing.
 *
 * @param {{ pid: number, identity: string }} owner one that is gone
 */
async function endOrphans({ pid, identity }) {
  const mark = Object.entries(ownership(pid, identity)).map(([name, value]) => `${name}=${value}`)[0] ?? '';
  for (let found = marked(mark); found.length > 0; found = marked(mark)) {
    for (const orphan of found) {
      try {
        process.kill(orphan, 'SIGKILL');
      } catch {
        // It has ended meanwhile.
      }
    }
    await sleep(20);
  }
}

/**
 * @param {string} mark
 * @returns {number[]} the living processes that have it in their environment
 */
function marked(mark) {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && environmentOf(name).includes(mark))
    .map(Number);
}

/** @param {string} pid */
function environmentOf(pid) {
  try {
    return readFileSync(join('/proc', pid, 'environ'), 'utf8').split('\0');
  } catch {
    return []; // It is gone, or another user's.
  }
}

module.exports = { ownership, endOrphans };
