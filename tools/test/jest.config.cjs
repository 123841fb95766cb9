module.exports = {
  ...require('./jest.preset.cjs'),
  displayName: 'testing',
  testMatch: ['<rootDir>/**/*.spec.ts'],
};
