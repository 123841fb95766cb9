const { existsSync, mkdirSync, rmSync } = require('node:fs');
const { dirname, join } = require('node:path');
const { buildAddon } = require('./addon.cjs');
const { buildOps } = require('./ops.cjs');
const { version } = require('./places.cjs');
const { fetchWheel, libraryIsReady, unpackLibrary, wheelFor, wheelName } = require('./tensorflow.cjs');

/**
 * @typedef {import('./places.cjs').Places} Places
 * @typedef {ReturnType<typeof lackingOfTensorFlow>} Lacking
 * @typedef {{ name: string, run: () => Promise<void> }} Step
 */

/**
 * What is missing of TensorFlow.
 *
 * @param {Places} places
 */
function lackingOfTensorFlow({ library: folder, addon: file, ops: opsFile }) {
  const library = !libraryIsReady(folder);
  const addon = library || !existsSync(file);
  const ops = opsFile !== null && (library || !existsSync(opsFile));
  return { library, addon, ops, any: addon || ops };
}

/**
 * What will be fetched, in words, and how much of the disk that and what comes of it need.
 *
 * @param {Places} places
 * @param {Lacking} lack
 */
function fetchOfTensorFlow({ shared }, lack) {
  const wheel = wheelFor();
  const isHere = existsSync(join(shared, wheelName(wheel)));
  const words = `TensorFlow ${version} (a wheel of ${wheel.megabytes} MB${isHere ? ', already here' : ''})`;
  if (!lack.library) return { words: '', megabytes: 0 };
  return { words, megabytes: 920 + (isHere ? 0 : wheel.megabytes) };
}

/**
 * The steps that bring what is missing.
 *
 * @param {Places} places
 * @param {Lacking} lack
 * @param {string} python
 * @returns {Step[]}
 */
function tensorFlowSteps(places, lack, python) {
  const { library, ops } = places;
  /** @type {Step[]} */
  const steps = [];
  if (lack.library) {
    steps.push({ name: `TensorFlow ${version}`, run: () => provideLibrary(places, python) });
  }
  if (lack.addon) {
    steps.push({ name: 'TensorFlow addon for Node (compiling)', run: () => buildAddon(places, python) });
  }
  if (lack.ops && ops !== null) {
    steps.push({ name: 'Ops of our own (compiling)', run: () => buildOps(library, ops) });
  }
  return steps;
}

/** @param {Places} places @param {string} python */
async function provideLibrary({ shared, library }, python) {
  mkdirSync(dirname(library), { recursive: true });
  const wheel = await fetchWheel(python, shared);
  await unpackLibrary(python, wheel, library);
  rmSync(wheel);
}

/**
 * Takes steps one after the other, and tells of each.
 *
 * @param {readonly Step[]} steps
 * @param {(text: string) => void} say gets text as it is to be shown, with its line ends
 */
async function take(steps, say) {
  for (const [index, step] of steps.entries()) {
    say(`[${index + 1}/${steps.length}] ${step.name} ... `);
    const start = Date.now();
    try {
      await step.run();
    } catch (error) {
      say('failed\n');
      throw error;
    }
    say(`${((Date.now() - start) / 1000).toFixed(0)} s\n`);
  }
}

module.exports = { lackingOfTensorFlow, fetchOfTensorFlow, tensorFlowSteps, take };
