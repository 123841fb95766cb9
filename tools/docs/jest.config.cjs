module.exports = {
  ...require('../../jest.preset.cjs'),
  displayName: 'docs-images',
  testMatch: ['<rootDir>/**/*.spec.ts'],
};
