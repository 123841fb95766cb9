module.exports = {
  ...require('../../jest.preset.cjs'),
  displayName: 'models',
  testEnvironment: './test/node-environment.cjs',
};
