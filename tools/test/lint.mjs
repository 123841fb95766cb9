/**
 * ESLint on the whole workspace. The rule on module boundaries is silently skipped unless Nx has stored its graph of
 * the projects, so the graph is made first.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { checkoutPaths, root } from '../setup/paths.cjs';

const { modules } = checkoutPaths();
process.chdir(root);
execFileSync(process.execPath, [join(modules, 'nx', 'dist', 'bin', 'nx.js'), 'show', 'projects'], {
  env: { ...process.env, NX_DAEMON: 'false' },
  stdio: ['ignore', 'ignore', 'inherit'],
});
process.argv.push('.', '--max-warnings', '0');
await import(join(modules, 'eslint', 'bin', 'eslint.js'));
