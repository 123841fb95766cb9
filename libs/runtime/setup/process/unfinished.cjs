const { rmSync } = require('node:fs');

/**
 * Runs an action that makes `path`, and removes what it left there if it fails or this process ends meanwhile.
 *
 * @template T
 * @param {string} path a file or folder
 * @param {() => Promise<T>} action
 * @param {() => boolean} [isFinished] says whether to keep it; by default it never is, as for a draft
 * @returns {Promise<T>}
 */
async function removeUnfinished(path, action, isFinished = () => false) {
  const clean = () => {
    if (!isFinished()) rmSync(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  };
  process.on('exit', clean);
  try {
    return await action();
  } finally {
    process.off('exit', clean);
    clean();
  }
}

module.exports = { removeUnfinished };
