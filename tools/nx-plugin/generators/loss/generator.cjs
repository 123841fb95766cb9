const { findLoss } = require('../../declarations.cjs');
const { makeDeclaration } = require('../declaration.cjs');

/**
 * Makes a loss of the study.
 *
 * @param {import('@nx/devkit').Tree} tree
 * @param {{ name: string }} options
 */
module.exports = (tree, { name: given }) =>
  makeDeclaration(tree, 'loss', { given, lib: 'libs/losses', folder: 'losses', find: findLoss });
