// Jest's own process.env doesn't reach native code, so that this has to be set before the tests start.
process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';

module.exports = {
  ...require('../../jest.preset.cjs'),
  displayName: 'runtime',
  testMatch: ['<rootDir>/{setup,src,test}/**/*.spec.ts'],
  testTimeout: 120_000,
};
