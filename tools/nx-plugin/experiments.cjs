const { basename } = require('node:path');
const { scriptTarget } = require('./apps.cjs');
const { ofLosses, ofNetworks } = require('./declarations.cjs');

const { losses } = ofLosses;
const { networks } = ofNetworks;

/** The apps that perform experiments, with the flags that make an experiment of the paper of their own defaults. */
const appFlags = {
  study: ['--load_ext_params', '--test_run', '--paper_alpha'],
  'study-ho': ['--load_ext_params'],
};

/** @param {string} short a loss's short name */
const fileOf = (short) => `hyperparams_${short}.json`;

/**
 * The losses, by their short names, whose hyper-parameters a file has: its own, and for label relaxation's those of the
 * losses that have no file.
 *
 * @param {string} file path below the workspace root, `misc/hyperparams_<loss>.json`
 * @param {readonly string[]} files all such files
 * @returns {string[]}
 * @throws Error for a file that names no loss of ours
 */
function lossesOf(file, files) {
  const present = files.map((one) => basename(one));
  const own = losses.find(({ short }) => fileOf(short) === basename(file));
  if (own === undefined) throw new Error(`${file} names no loss: hyperparams_<loss>.json is expected`);
  const others = losses.filter(({ short }) => own.short === 'lr' && !present.includes(fileOf(short)));
  return [own, ...others].map(({ short }) => short);
}

/**
 * The experiments with a loss by a hyper-parameter file: a target for each of its keys, `<model>-<dataset>-<loss>`.
 *
 * @param {keyof typeof appFlags} app
 * @param {string} file path below the workspace root
 * @param {string} loss one of the file's losses
 * @param {Record<string, unknown>} sets the file's contents, by keys `<Model>_<dataset>`
 * @returns {Record<string, import('@nx/devkit').TargetConfiguration>}
 * @throws Error for a key that names no network of ours
 */
function experimentTargets(app, file, loss, sets) {
  return Object.fromEntries(
    Object.keys(sets).map((key) => {
      const { model, dataset } = readKey(file, key);
      const flags = ['--model_name', model, '--dataset_name', dataset, '--loss_name', loss, ...appFlags[app]];
      const inputs = ['production', '^production', { json: `{workspaceRoot}/${file}`, fields: [key] }];
      return [`${model}-${dataset}-${loss}`, { ...scriptTarget(app, flags), inputs }];
    }),
  );
}

/**
 * @param {string} file
 * @param {string} key
 */
function readKey(file, key) {
  for (const { name, type } of networks) {
    if (key.startsWith(`${type}_`)) return { model: name, dataset: key.slice(type.length + 1) };
  }
  const known = networks.map(({ type }) => type).join(', ');
  throw new Error(`${file} has the key "${key}": <Model>_<dataset> is expected, the model one of ${known}`);
}

module.exports = { appFlags, experimentTargets, lossesOf };
