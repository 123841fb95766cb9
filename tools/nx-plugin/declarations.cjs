/** What is known of losses and networks without loading TensorFlow, by their sources. */
const { join } = require('node:path');
const { root } = require('../setup/paths.cjs');

require('../setup/typescript.cjs');

/** @type {typeof import('@label-relaxation/losses/declarations')} */
const ofLosses = require(join(root, 'libs/losses/src/declarations.ts'));
/** @type {typeof import('@label-relaxation/models/declarations')} */
const ofNetworks = require(join(root, 'libs/models/src/declarations.ts'));

module.exports = { ofLosses, ofNetworks };
