/** What every project's jest configuration shares: TypeScript through swc, workspace libraries from their sources. */
module.exports = {
  testEnvironment: require.resolve('./tools/test/environment.cjs'),
  testMatch: ['<rootDir>/{src,test}/**/*.spec.ts'],
  testTimeout: 120_000,
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        swcrc: false,
        jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
        module: { type: 'commonjs' },
      },
    ],
  },
  testEnvironmentOptions: {
    customExportConditions: ['@label-relaxation/source', 'node', 'node-addons', 'require', 'default'],
  },
};
