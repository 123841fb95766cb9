const esModules = ['hyparquet', 'hyparquet-compressors', 'hysnappy', 'fzstd'].join('|');

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
    // Packages of ES modules alone, which jest cannot load as they are.
    [`node_modules/(${esModules})/.+\\.js$`]: [
      '@swc/jest',
      { swcrc: false, jsc: { target: 'es2022' }, module: { type: 'commonjs' } },
    ],
  },
  transformIgnorePatterns: [`/node_modules/(?!(${esModules})/)`],
  testEnvironmentOptions: {
    customExportConditions: ['@label-relaxation/source', 'node', 'node-addons', 'require', 'default'],
  },
};
