module.exports = {
  ...require('../../jest.preset.cjs'),
  displayName: 'mlflow',
  testMatch: ['<rootDir>/**/*.spec.ts'],
};
