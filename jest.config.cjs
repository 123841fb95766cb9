const { existsSync, readdirSync } = require('node:fs');
const { join } = require('node:path');
const { testTimeout } = require('./jest.preset.cjs');

const folders = ['libs', 'apps', 'tools'].flatMap((group) =>
  readdirSync(join(__dirname, group)).map((name) => `${group}/${name}`),
);

/** All projects of the workspace in one run, with one MLflow server for those specs that share it. */
module.exports = {
  projects: [...folders, 'libs/runtime/setup', 'docs', 'examples']
    .filter((folder) => existsSync(join(__dirname, folder, 'jest.config.cjs')))
    .map((folder) => `<rootDir>/${folder}`),
  testTimeout,
};
