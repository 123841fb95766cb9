const workerThreads = require('node:worker_threads');
const { TestEnvironment } = require('jest-environment-node');

const typedArrays = {
  ArrayBuffer,
  Float32Array,
  Float64Array,
  Int8Array,
  Int16Array,
  Int32Array,
  Uint8Array,
  Uint8ClampedArray,
  Uint16Array,
  Uint32Array,
};

// A spec's process.env is a copy that native code does not see: what TensorFlow reads is set here. Specs run beside each
// other, so that one thread each is quickest, and it repeats every sum bit for bit.
process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
process.env.TF_NUM_INTRAOP_THREADS ??= '1';
process.env.TF_NUM_INTEROP_THREADS ??= '1';

const { Worker } = workerThreads;
const typescript = ['-C', '@label-relaxation/source', '-r', require.resolve('../setup/typescript.cjs')];

// Threads inherit how apps load TypeScript; jest's own way ends at its sandbox.
if (!('ofTests' in Worker)) {
  workerThreads.Worker = class extends Worker {
    static ofTests = true;

    /** @param {string | URL} file @param {import('node:worker_threads').WorkerOptions} [options] */
    constructor(file, options = {}) {
      super(file, String(file).endsWith('.ts') ? { ...options, execArgv: typescript } : options);
    }
  };
}

/**
 * Node's environment with Node's own typed arrays: native addons make those, and code under test that asks for
 * `instanceof Float32Array` must find them to be the same.
 */
module.exports = class extends TestEnvironment {
  /** @override */
  async setup() {
    await super.setup();
    Object.assign(this.global, typedArrays);
  }
};
