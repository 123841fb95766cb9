const { withLock } = require('../../libs/runtime/setup/process/lock.cjs');
const { places } = require('../../libs/runtime/setup/places.cjs');
const { checkWritable } = require('../../libs/runtime/setup/process/writable.cjs');
const { findPrograms } = require('../../libs/runtime/setup/requirements.cjs');
const { checkSpace } = require('../../libs/runtime/setup/space.cjs');
const {
  checkCache,
  fetchOfTensorFlow,
  lackingOfTensorFlow,
  take,
  tensorFlowSteps,
} = require('../../libs/runtime/setup/steps.cjs');
const { wheelFor } = require('../../libs/runtime/setup/tensorflow.cjs');
const { environmentIsReady, installMlflow, makeEnvironment } = require('./mlflow-environment.cjs');
const { megabytesToFetch, mlflowVersion } = require('./mlflow-wheels.cjs');
const { installPackages, packagesAreCurrent } = require('./npm-packages.cjs');
const { checkoutPaths } = require('./paths.cjs');

/**
 * @typedef {ReturnType<typeof checkoutPaths>} Paths
 * @typedef {ReturnType<typeof lacking>} Lacking
 * @typedef {{ top?: string, say?: (text: string) => void }} Options `say` gets text as it is to be shown, with its line ends
 */

/** @param {Paths} paths */
function lacking(paths) {
  const packages = !packagesAreCurrent(paths.top);
  const tensorFlow = lackingOfTensorFlow(places());
  const mlflow = !environmentIsReady(paths);
  return { packages, tensorFlow, mlflow, any: packages || tensorFlow.any || mlflow };
}

/**
 * What will be fetched, after checking that it fits on the disk.
 *
 * @param {Paths} paths
 * @param {Lacking} lack
 * @param {string} python
 */
async function announce(paths, lack, python) {
  const where = places();
  const tensorFlow = fetchOfTensorFlow(where, lack.tensorFlow);
  const ofWheels = lack.mlflow ? await megabytesToFetch(python) : 0;
  const inCheckout = (lack.packages ? 1200 : 0) + (lack.mlflow ? 800 : 0);
  checkSpace([
    { folder: paths.top, megabytes: inCheckout },
    { folder: where.shared, megabytes: tensorFlow.megabytes + ofWheels },
  ]);
  const parts = [
    lack.packages ? 'npm packages' : '',
    tensorFlow.words,
    lack.mlflow ? `MLflow ${mlflowVersion}` : '',
  ].filter((words) => words !== '');
  if (parts.length === 0) return '';
  const sum = ((inCheckout + tensorFlow.megabytes + ofWheels) / 1000).toFixed(1);
  return `Setting up: ${parts.join(', ')}; about ${sum} GB on disk ("npm run clean" removes it).\n`;
}

/**
 * Brings a checkout to where every command runs: npm packages and MLflow in the checkout, TensorFlow in the cache. Does
 * nothing, quickly, if all is there. An interrupted set-up goes on where it stopped; two at once wait for each other.
 *
 * @param {Options} [options]
 */
async function setUp({ top, say = () => undefined } = {}) {
  const paths = checkoutPaths(top);
  wheelFor();
  const { fallback } = places();
  if (fallback !== null) say(`${fallback}\n`);
  const lack = lacking(paths);
  if (!lack.any) return;
  const ofCheckout = lack.packages || lack.mlflow;
  if (ofCheckout) checkWritable(paths.top, 'make it so, or take a checkout in another folder');
  if (lack.tensorFlow.any) checkCache(places());
  const locks = [...(ofCheckout ? [paths.lock] : []), ...(lack.tensorFlow.any ? [places().lock] : [])];
  const act = locks.reduceRight(
    (action, lock) => () => withLock(lock, action, ({ pid }) => say(waiting(pid))),
    () => perform(paths, lacking(paths), say),
  );
  await act();
}

/** @param {number} pid */
const waiting = (pid) => `Waiting for another set-up (process ${pid}) to finish.\n`;

/** @param {Paths} paths @param {Lacking} lack @param {(text: string) => void} say */
async function perform(paths, lack, say) {
  if (!lack.any) return;
  const python = findPrograms({
    npm: lack.packages,
    python: lack.tensorFlow.any || lack.mlflow,
    compilers: lack.tensorFlow.any,
  });
  say(await announce(paths, lack, python));
  await take(
    [
      ...(lack.packages ? [{ name: 'npm packages', run: () => installPackages(paths.top) }] : []),
      ...tensorFlowSteps(places(), lack.tensorFlow, python),
      ...(lack.mlflow
        ? [{ name: `MLflow ${mlflowVersion}`, run: () => provideMlflow(paths, python, say) }]
        : []),
    ],
    say,
  );
}

/** @param {Paths} paths @param {string} python @param {(text: string) => void} say */
async function provideMlflow(paths, python, say) {
  await makeEnvironment(paths, python);
  await installMlflow(paths, ({ pid }) => say(`\n${waiting(pid)}`));
}

module.exports = { setUp };
