const { mkdirSync, readFileSync, rmSync, statSync, writeFileSync, linkSync } = require('node:fs');
const { dirname } = require('node:path');
const { setTimeout: sleep } = require('node:timers/promises');
const { processIdentity } = require('./identity.cjs');
const { endOrphans } = require('./orphans.cjs');

/** @param {unknown} error */
const codeOf = (error) => /** @type {NodeJS.ErrnoException} */ (error).code;

/** @typedef {{ pid: number, identity: string }} Holder */

/**
 * The process that took the lock, whether or not it is still there; null if there is no such file.
 *
 * @param {string} file
 * @returns {Holder | null}
 */
function takerOf(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

/**
 * The process that holds the lock, or null if nobody does: no file, or one left behind by a process that is gone.
 *
 * @param {string} file
 * @returns {Holder | null}
 */
function holderOf(file) {
  const taker = takerOf(file);
  return taker !== null && processIdentity(taker.pid) === taker.identity ? taker : null;
}

/**
 * Makes the file with its text already in it, or says that it exists.
 *
 * @param {string} file
 */
function create(file) {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, JSON.stringify({ pid: process.pid, identity: processIdentity(process.pid) }));
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/**
 * Removes a lock whose holder is gone, after ending what that has started. Only one process at a time may do that, or a second
 * one could remove the lock that the first has just taken; that right itself lapses after ten seconds.
 *
 * @param {string} file
 */
async function removeAbandoned(file) {
  const right = `${file}.removal`;
  try {
    if (Date.now() - statSync(right).mtimeMs > 10_000) rmSync(right, { force: true });
  } catch {
    // Nobody is removing it.
  }
  if (!create(right)) return;
  try {
    const taker = takerOf(file);
    if (taker !== null && holderOf(file) === null) await endOrphans(taker);
    if (holderOf(file) === null) rmSync(file, { force: true });
  } finally {
    rmSync(right, { force: true });
  }
}

/**
 * Runs `action` while no other process holds the lock `file`, waiting for its turn. The lock of a process that was
 * killed is taken over, and the programs that it ran are ended.
 *
 * @template T
 * @param {string} file
 * @param {() => Promise<T>} action
 * @param {(holder: { pid: number }) => void} [onWait] called once if another process holds the lock; may throw
 * @returns {Promise<T>}
 */
async function withLock(file, action, onWait = () => undefined) {
  mkdirSync(dirname(file), { recursive: true });
  for (let waited = false; !create(file); await sleep(100)) {
    const holder = holderOf(file);
    if (holder === null) {
      await removeAbandoned(file);
    } else if (!waited) {
      waited = true;
      onWait(holder);
    }
  }
  const release = () => rmSync(file, { force: true });
  process.on('exit', release);
  try {
    return await action();
  } finally {
    process.off('exit', release);
    release();
  }
}

module.exports = { withLock, holderOf };
