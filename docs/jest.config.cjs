module.exports = {
  ...require('../jest.preset.cjs'),
  displayName: 'docs',
  testMatch: ['<rootDir>/*.spec.ts'],
};
