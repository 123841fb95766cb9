const { checkCache, lackingOfTensorFlow, fetchOfTensorFlow, take, tensorFlowSteps } = require('./steps.cjs');
const { places } = require('./places.cjs');
const { withLock } = require('./process/lock.cjs');
const { findPrograms } = require('./requirements.cjs');
const { checkSpace } = require('./space.cjs');
const { wheelFor } = require('./tensorflow.cjs');

/**
 * Brings TensorFlow's library, tfjs-node's addon and our ops into the cache. Does nothing, quickly, if all is there. An
 * interrupted set-up goes on where it stopped; two at once wait for each other.
 *
 * @param {(text: string) => void} say gets text as it is to be shown, with its line ends
 * @returns {Promise<string>} the folder
 */
async function setUpTensorFlow(say) {
  const where = places();
  wheelFor();
  if (where.fallback !== null) say(`${where.fallback}\n`);
  if (lackingOfTensorFlow(where).any) {
    checkCache(where);
    await withLock(
      where.lock,
      async () => {
        const lack = lackingOfTensorFlow(where);
        if (!lack.any) return;
        const python = findPrograms({ python: true, compilers: true });
        const { words, megabytes } = fetchOfTensorFlow(where, lack);
        checkSpace([{ folder: where.shared, megabytes }]);
        if (words !== '') {
          const gigabytes = (megabytes / 1000).toFixed(1);
          say(`Setting up ${words} in ${where.shared}; about ${gigabytes} GB on disk.\n`);
        }
        await take(tensorFlowSteps(where, lack, python), say);
      },
      ({ pid }) => say(`Waiting for another set-up (process ${pid}) to finish.\n`),
    );
  }
  return where.shared;
}

module.exports = { setUpTensorFlow };
