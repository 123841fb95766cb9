module.exports = {
  ...require('../../jest.preset.cjs'),
  displayName: 'workspace',
  testMatch: ['<rootDir>/**/*.spec.ts'],
};
