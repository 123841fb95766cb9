import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
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

const scope = '@label-relaxation/';
const root = fileURLToPath(new URL('.', import.meta.url));
const manifests = ['libs', 'apps'].flatMap((group) =>
  readdirSync(join(root, group))
    .map((name) => join(root, group, name, 'package.json'))
    .filter((file) => existsSync(file))
    .map((file) => JSON.parse(readFileSync(file, 'utf8'))),
);

/** A library or an app imports those libraries alone that its package.json names. */
const depConstraints = manifests.map(({ name, dependencies = {} }) => ({
  sourceTag: name.replace(scope, 'scope:'),
  onlyDependOnLibsWithTags: Object.keys(dependencies)
    .filter((needed) => needed.startsWith(scope))
    .map((needed) => needed.replace(scope, 'scope:')),
}));

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
          allow: ['../../../tools/test/*', '../../../../tools/test/*', '../setup/*'],
          allowCircularSelfDependency: true,
          // It loads no TensorFlow, unlike the rest of losses.
          checkDynamicDependenciesExceptions: ['@label-relaxation/losses/declarations'],
          depConstraints,
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
