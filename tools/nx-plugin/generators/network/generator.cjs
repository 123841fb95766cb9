const { ofNetworks } = require('../../declarations.cjs');
const { makeDeclaration } = require('../declaration.cjs');

/**
 * Makes a network of the study.
 *
 * @param {import('@nx/devkit').Tree} tree
 * @param {{ name: string }} options
 */
module.exports = (tree, { name: given }) =>
  makeDeclaration(tree, 'network', {
    given,
    lib: 'libs/models',
    folder: 'networks',
    find: ofNetworks.findModelName,
  });
