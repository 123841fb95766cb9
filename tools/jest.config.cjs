module.exports = {
  ...require('../jest.preset.cjs'),
  displayName: 'tools',
  testMatch: ['<rootDir>/{setup,mlflow,test}/**/*.spec.ts'],
};
