const { formatFiles } = require('@nx/devkit');
const { ofLosses } = require('../../declarations.cjs');
const { makeDeclaration } = require('../declaration.cjs');

const page = 'docs/losses.md';

/**
 * Makes a loss of the study, with its line in the table of losses.
 *
 * @param {import('@nx/devkit').Tree} tree
 * @param {{ name: string }} options
 */
module.exports = async (tree, { name: given }) => {
  const place = { given, lib: 'libs/losses', folder: 'losses', find: ofLosses.findLoss };
  const { snakeName } = makeDeclaration(tree, 'loss', place);
  const cells = [
    `\`${snakeName}\``,
    'epsilon ε = 1',
    '−Σ t_k ln p_k + ε (1 − p_y)',
    'classes, distributions',
    'Leng et al., ICLR 2022',
    'say when to take it',
  ];
  const text = /** @type {string} */ (tree.read(page, 'utf8'));
  tree.write(page, text.replace(/(^\|.*\n)(?!\|)/mu, `$1| ${cells.join(' | ')} |\n`));
  await formatFiles(tree);
};
