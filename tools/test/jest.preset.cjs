/** For projects whose specs start an MLflow server: those that share one find it here. */
module.exports = {
  ...require('../../jest.preset.cjs'),
  globalSetup: require.resolve('./global-setup.ts'),
  globalTeardown: require.resolve('./global-teardown.ts'),
};
