/** The Nx plugin that makes a target of each experiment in `misc/`, for each app that performs experiments. */
const { readFileSync } = require('node:fs');
const { basename, dirname, join } = require('node:path');
const { createNodesFromFiles } = require('@nx/devkit');
const { appFlags, experimentTargets, lossesOf } = require('./experiments.cjs');

/** @type {import('@nx/devkit').CreateNodesV2} */
const createNodesV2 = [
  '{misc/hyperparams_*.json,apps/*/package.json,libs/losses/src/**/*.ts}',
  (files, options, context) => {
    const parameterFiles = files.filter((file) => file.startsWith('misc/'));
    const apps = files
      .filter((file) => basename(file) === 'package.json' && basename(dirname(file)) in appFlags)
      .map((file) => /** @type {keyof typeof appFlags} */ (basename(dirname(file))));
    return createNodesFromFiles(
      (file) => {
        const sets = JSON.parse(readFileSync(join(context.workspaceRoot, file), 'utf8'));
        const losses = lossesOf(file, parameterFiles);
        const projects = apps.map((app) => [
          `apps/${app}`,
          { targets: experimentTargets(app, file, losses, sets) },
        ]);
        return { projects: Object.fromEntries(projects) };
      },
      parameterFiles,
      options,
      context,
    );
  },
];

module.exports = { name: 'experiments', createNodesV2 };
