module.exports = {
  ...require('../test/jest.preset.cjs'),
  displayName: 'packages',
  testMatch: ['<rootDir>/**/*.spec.ts'],
};
