const { scriptTarget } = require('./apps.cjs');

/** Networks by the names of hyper-parameter files, with their names on the command line. */
const modelFlags = {
  simple_dense: 'simple_dense',
  VGG16: 'vgg',
  ResNet56V2: 'resnet',
  DenseNetBC: 'densenet',
};

/** The apps that perform experiments, with the flags that make an experiment of the paper of their own defaults. */
const appFlags = {
  study: ['--load_ext_params', '--test_run', '--paper_alpha'],
  'study-ho': ['--load_ext_params'],
};

/**
 * The experiments of one hyper-parameter file: a target for each of its keys, `<model>-<dataset>-<loss>`.
 *
 * @param {'study' | 'study-ho'} app
 * @param {string} file path below the workspace root, `misc/hyperparams_<loss>.json`
 * @param {Record<string, unknown>} sets the file's contents, by keys `<Model>_<dataset>`
 * @returns {Record<string, import('@nx/devkit').TargetConfiguration>}
 * @throws Error for a file or a key that names no loss or network of ours
 */
function experimentTargets(app, file, sets) {
  const loss = lossOf(file);
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
  for (const [type, model] of Object.entries(modelFlags)) {
    if (key.startsWith(`${type}_`)) return { model, dataset: key.slice(type.length + 1) };
  }
  const known = Object.keys(modelFlags).join(', ');
  throw new Error(`${file} has the key "${key}": <Model>_<dataset> is expected, the model one of ${known}`);
}

/**
 * The heading under which Nx shows a file's experiments.
 *
 * @param {string} file
 */
function experimentGroup(file) {
  return `Experiments with ${lossOf(file)}`;
}

/** @param {string} file */
function lossOf(file) {
  const loss = /hyperparams_(\w+)\.json$/.exec(file)?.[1];
  if (loss === undefined) throw new Error(`${file} names no loss: hyperparams_<loss>.json is expected`);
  return loss;
}

module.exports = { appFlags, experimentGroup, experimentTargets };
