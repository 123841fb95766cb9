module.exports = {
  ...require('../../jest.preset.cjs'),
  displayName: 'packages',
  testMatch: ['<rootDir>/**/*.spec.ts'],
};
