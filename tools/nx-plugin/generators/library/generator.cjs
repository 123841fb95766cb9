const { makeProject } = require('../project.cjs');

/**
 * Makes a library that can be published.
 *
 * @param {import('@nx/devkit').Tree} tree
 * @param {{ name: string, browser?: boolean, skipInstall?: boolean }} options
 */
module.exports = (tree, options) => makeProject(tree, 'library', options);
