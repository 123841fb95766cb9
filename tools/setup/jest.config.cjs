module.exports = {
  ...require('../../jest.preset.cjs'),
  displayName: 'setup',
  testMatch: ['<rootDir>/**/*.spec.ts'],
};
