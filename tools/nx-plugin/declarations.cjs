/** What is known of losses and networks without loading TensorFlow, by their sources. */
const { join } = require('node:path');
const { root } = require('../setup/paths.cjs');

require('../setup/typescript.cjs');

/** @type {typeof import('@label-relaxation/losses/declarations')} */
const { findLoss, losses } = require(join(root, 'libs/losses/src/declarations.ts'));
/** @type {typeof import('@label-relaxation/models/declarations')} */
const models = require(join(root, 'libs/models/src/declarations.ts'));
const { findModelName } = models;
/** @type {readonly import('@label-relaxation/models').NetworkDeclaration[]} */
const networks = models.networks;

module.exports = { findLoss, losses, findModelName, networks };
