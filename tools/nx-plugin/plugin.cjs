/** The Nx plugin of this workspace: what Nx's own plugins cannot tell from the files that are there. */
const { existsSync, readFileSync } = require('node:fs');
const { dirname, join } = require('node:path');
const { createNodesFromFiles } = require('@nx/devkit');
const { runTargets } = require('./apps.cjs');
const { appFlags, experimentTargets, lossesOf } = require('./experiments.cjs');

/** @typedef {(file: string, root: string, files: readonly string[]) => import('@nx/devkit').CreateNodesResult} Rule */

/** @type {(root: string, file: string) => any} */
const readJson = (root, file) => JSON.parse(readFileSync(join(root, file), 'utf8'));

/**
 * What the files tell, by folder: an app has the targets of its npm script, a file of hyper-parameters gives the apps that
 * perform experiments a target for each of its keys, and a test reads its project's fixtures.
 *
 * @type {Record<string, Rule>}
 */
const rules = {
  apps(file, root) {
    const folder = dirname(file);
    const { nx, name } = readJson(root, file);
    const targets = runTargets(nx?.name ?? name, readJson(root, 'package.json').scripts);
    return { projects: { [folder]: { targets } } };
  },

  misc(file, root, files) {
    const sets = readJson(root, file);
    const apps = /** @type {(keyof typeof appFlags)[]} */ (Object.keys(appFlags));
    const projects = apps.map((app) => {
      const byLoss = lossesOf(file, files).map((loss) => ({
        heading: `Experiments with ${loss}`,
        targets: experimentTargets(app, file, loss, sets),
      }));
      const targets = Object.assign({}, ...byLoss.map((group) => group.targets));
      const groups = byLoss.map((group) => [group.heading, Object.keys(group.targets)]);
      return [`apps/${app}`, { targets, metadata: { targetGroups: Object.fromEntries(groups) } }];
    });
    return { projects: Object.fromEntries(projects) };
  },

  tools(file, root) {
    const [, , name] = file.split('/');
    const folder = ['libs', 'apps']
      .map((group) => `${group}/${name}`)
      .find((one) => existsSync(join(root, one)));
    const test = { inputs: ['...', `{workspaceRoot}/tools/fixtures/${name}/*.json`] };
    return folder === undefined ? {} : { projects: { [folder]: { targets: { test } } } };
  },
};

/** What the rules read is matched, so that Nx sees when it changes: the files of losses and networks, too. */
const pattern =
  '{apps/*/package.json,misc/hyperparams_*.json,tools/fixtures/*/*.json,libs/{losses,models}/src/**/*.ts}';

/** @type {import('@nx/devkit').CreateNodesV2} */
const createNodesV2 = [
  pattern,
  (files, options, context) => {
    const parameters = files.filter((file) => file.startsWith('misc/'));
    return createNodesFromFiles(
      (file) => ruleOf(file)?.(file, context.workspaceRoot, parameters) ?? {},
      firstOfFixtures(files.filter(ruleOf)),
      options,
      context,
    );
  },
];

/** @param {string} file */
function ruleOf(file) {
  return rules[file.slice(0, file.indexOf('/'))];
}

/** @param {readonly string[]} files @returns {string[]} without all but the first of a folder's fixtures */
function firstOfFixtures(files) {
  const folders = new Set();
  return files.filter((file) => {
    const isNew = !folders.has(dirname(file));
    if (file.startsWith('tools/')) folders.add(dirname(file));
    return isNew;
  });
}

module.exports = { name: 'label-relaxation', createNodesV2 };
