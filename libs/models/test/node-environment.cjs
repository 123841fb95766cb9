const { TestEnvironment } = require('jest-environment-node');

/** Jest's Node environment with the outer typed arrays: tfjs's native addon makes those, and saving checks for them. */
module.exports = class extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    Object.assign(this.global, { Float32Array, Int32Array, Uint8Array });
  }
};
