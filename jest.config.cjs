const { existsSync, readdirSync } = require('node:fs');
const { join } = require('node:path');

const folders = ['libs', 'apps'].flatMap((group) =>
  readdirSync(join(__dirname, group)).map((name) => `${group}/${name}`),
);

/** All projects of the workspace in one run, with one MLflow server for those specs that share it. */
module.exports = {
  projects: [...folders, 'tools']
    .filter((folder) => existsSync(join(__dirname, folder, 'jest.config.cjs')))
    .map((folder) => `<rootDir>/${folder}`),
  globalSetup: '<rootDir>/tools/test/global-setup.ts',
  globalTeardown: '<rootDir>/tools/test/global-teardown.ts',
};
