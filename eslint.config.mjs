import { createProjectGraphAsync } from '@nx/devkit';
import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

// The rule on module boundaries reads Nx's cached project graph and is skipped without one. Where Nx itself reads this file
// or runs ESLint, it makes the graph.
if (!globalThis.NX_GRAPH_CREATION && !process.env.NX_TASK_TARGET_PROJECT) {
  process.env.NX_DAEMON = 'false';
  await createProjectGraphAsync();
}

const allowed = {
  data: [],
  metrics: [],
  plots: ['metrics'],
  calibration: ['metrics'],
  onnx: ['calibration'],
  classifier: ['calibration', 'onnx'],
  tracking: [],
  runtime: [],
  losses: ['runtime'],
  models: ['runtime'],
  training: ['runtime'],
  experiments: [
    'data',
    'metrics',
    'plots',
    'calibration',
    'onnx',
    'tracking',
    'runtime',
    'losses',
    'models',
    'training',
  ],
  study: ['experiments', 'tracking'],
  'study-ho': ['experiments', 'tracking', 'losses'],
  report: ['experiments', 'tracking', 'metrics', 'plots', 'losses', 'runtime'],
};

export default tseslint.config(
  {
    ignores: [
      '**/dist/**',
      '.venv-bench*/**',
      '**/out-tsc/**',
      '**/node_modules/**',
      '.nx/**',
      '.mlflow/**',
      '.venv/**',
    ],
  },
  ...tseslint.configs.recommended,
  {
    files: ['{libs,apps}/**/*.ts'],
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        {
          enforceBuildableLibDependency: false,
          allow: ['../../../tools/test/*', '../setup/*'],
          allowCircularSelfDependency: true,
          // It loads no TensorFlow, unlike the rest of losses.
          checkDynamicDependenciesExceptions: ['@label-relaxation/losses/declarations'],
          depConstraints: Object.entries(allowed).map(([scope, libs]) => ({
            sourceTag: `scope:${scope}`,
            onlyDependOnLibsWithTags: libs.map((lib) => `scope:${lib}`),
          })),
        },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      eqeqeq: 'error',
      'prefer-const': 'error',
    },
  },
  {
    files: ['**/*.cjs'],
    languageOptions: { sourceType: 'commonjs', globals: { module: 'writable', require: 'readonly' } },
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
  prettier,
);
