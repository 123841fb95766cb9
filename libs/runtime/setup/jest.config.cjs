module.exports = {
  ...require('../../../jest.preset.cjs'),
  displayName: 'runtime-setup',
  testMatch: ['<rootDir>/**/*.spec.ts'],
};
