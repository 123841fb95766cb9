const { formatFiles } = require('@nx/devkit');
const { ofNetworks } = require('../../declarations.cjs');
const { makeDeclaration } = require('../declaration.cjs');

/**
 * Makes a network of the study.
 *
 * @param {import('@nx/devkit').Tree} tree
 * @param {{ name: string }} options
 */
module.exports = async (tree, { name: given }) => {
  const place = { given, lib: 'libs/models', folder: 'networks', find: ofNetworks.findModelName };
  makeDeclaration(tree, 'network', place);
  await formatFiles(tree);
};
