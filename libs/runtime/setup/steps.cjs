const { existsSync, mkdirSync, rmSync } = require('node:fs');
const { dirname, join } = require('node:path');
const { buildAddon } = require('./addon.cjs');
const cuda = require('./cuda.cjs');
const { buildNative } = require('./native.cjs');
const { version } = require('./places.cjs');
const { checkWritable } = require('./process/writable.cjs');
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
function lackingOfTensorFlow({ device, library: folder, addon: addonFile, native }) {
  const library = !libraryIsReady(folder, wheelFor(undefined, device));
  const needsCuda = device === 'gpu' && (library || !cuda.cudaIsReady(folder));
  const addon = library || !existsSync(addonFile);
  const own = Object.values(native ?? {}).filter(({ file }) => library || !existsSync(file));
  return { library, cuda: needsCuda, addon, native: own, any: needsCuda || addon || own.length > 0 };
}

/**
 * Throws a SetupError if TensorFlow can come to no cache.
 *
 * @param {Places} places
 */
function checkCache({ shared }) {
  checkWritable(shared, 'set LABEL_RELAXATION_CACHE to another folder');
}

/** @param {import('./device.cjs').Device} device */
function nameFor(device) {
  return device === 'gpu' ? `TensorFlow ${version} for a GPU` : `TensorFlow ${version}`;
}

/** What becomes of a wheel, in MB. */
const unpacked = { cpu: 920, gpu: 1410 };

/**
 * What will be fetched, in words, and how much of the disk that and what comes of it need.
 *
 * @param {Places} places
 * @param {Lacking} lack
 */
function fetchOfTensorFlow({ shared, device }, lack) {
  const wheel = wheelFor(undefined, device);
  const isHere = existsSync(join(shared, wheelName(wheel)));
  const parts = [
    lack.library
      ? `${nameFor(device)} (a wheel of ${wheel.megabytes} MB${isHere ? ', already here' : ''})`
      : '',
    lack.cuda ? `NVIDIA's CUDA for TensorFlow (${cuda.fetched} MB)` : '',
  ].filter((part) => part !== '');
  const library = lack.library ? unpacked[device] + (isHere ? 0 : wheel.megabytes) : 0;
  return { words: parts.join(', '), megabytes: library + (lack.cuda ? cuda.megabytes : 0) };
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
  const { library } = places;
  /** @type {Step[]} */
  const steps = [];
  if (lack.library) {
    steps.push({ name: nameFor(places.device), run: () => provideLibrary(places, python) });
  }
  if (lack.cuda) {
    steps.push({ name: "NVIDIA's CUDA", run: () => cuda.installCuda(python, library) });
  }
  if (lack.addon) {
    steps.push({ name: 'TensorFlow addon for Node (compiling)', run: () => buildAddon(places, python) });
  }
  if (lack.native.length > 0) {
    const run = async () => {
      for (const module of lack.native) await buildNative(library, module);
    };
    steps.push({ name: 'Ops of our own (compiling)', run });
  }
  return steps;
}

/** @param {Places} places @param {string} python */
async function provideLibrary({ shared, device, library }, python) {
  mkdirSync(dirname(library), { recursive: true });
  const wheel = wheelFor(undefined, device);
  const file = await fetchWheel(python, shared, wheel);
  await unpackLibrary(python, file, library, wheel);
  rmSync(file);
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

module.exports = { lackingOfTensorFlow, checkCache, fetchOfTensorFlow, tensorFlowSteps, take };
