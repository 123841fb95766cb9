import { join } from 'node:path';
import { root } from '../setup/paths.cjs';
import { libraries, run, withoutNx } from './workspace';

it('nx release gives all packages one version and writes the change log', () => {
  const before = run('git', ['status', '--porcelain'], { cwd: root });
  const nx = join(root, 'node_modules', 'nx', 'dist', 'bin', 'nx.js');
  const words = ['release', '1.2.3', '--dry-run', '--skip-publish'];
  const output = run(process.execPath, [nx, ...words], { cwd: root, env: withoutNx() });
  for (const library of libraries) {
    expect(output).toContain(`New version 1.2.3 written to manifest: libs/${library}/package.json`);
  }
  expect(output).toMatch(/^\+\s+"@label-relaxation\/runtime": "1\.2\.3"/m);
  expect(output).toMatch(/^\+ ## 1\.2\.3 \([\d-]+\)$/m);
  expect(output).toContain(`+ - ${run('git', ['log', '-1', '--format=%s'], { cwd: root }).trim()}`);
  expect(run('git', ['status', '--porcelain'], { cwd: root })).toBe(before);
}, 300_000);
