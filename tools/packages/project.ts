import { spawnSync } from 'node:child_process';
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { root } from '../setup/paths.cjs';
import { installedFolder, run, type Package } from './workspace';

/** A project outside of the workspace. */
export interface Project {
  readonly folder: string;
  /** Writes a file, and gives its path. */
  write(file: string, text: string): string;
  /** The errors of TypeScript in files of the project, checked strictly with these options beside. */
  typeErrors(options: object, files: readonly string[]): string[];
  remove(): void;
}

/**
 * An empty project in which npm installs the packages, without the network: what they declare of others is linked from
 * the workspace, and npm refuses a version that they don't accept.
 *
 * @param others more packages that the workspace has
 */
export function makeProject(packages: readonly Package[], others: readonly string[] = []): Project {
  const folder = mkdtempSync(join(tmpdir(), 'label-relaxation-project-'));
  const dependencies = Object.fromEntries([
    ...others.map((name) => [name, `file:${join(root, 'node_modules', name)}`]),
    ...packages.flatMap((each) =>
      Object.keys(each.manifest.dependencies ?? {}).map((name) => [
        name,
        `file:${installedFolder(each.folder, name)}`,
      ]),
    ),
    ...packages.map(({ manifest, tarball }) => [manifest.name, `file:${tarball}`]),
  ]);
  const write = (file: string, text: string) => {
    const path = join(folder, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return path;
  };
  write('package.json', JSON.stringify({ private: true, dependencies }));
  const words = ['install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock'];
  run('npm', words, { cwd: folder });
  return {
    folder,
    write,
    typeErrors: (options, files) => {
      const compilerOptions = { strict: true, target: 'es2022', noEmit: true, ...options };
      write('tsconfig.json', JSON.stringify({ compilerOptions, files }));
      const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
      const { status, stdout, stderr } = spawnSync(process.execPath, [tsc, '-p', folder], {
        encoding: 'utf8',
      });
      const errors = stdout.split('\n').filter((line) => /^\S.*error TS\d+/.test(line));
      if (status !== 0 && errors.length === 0)
        throw new Error(`tsc ended with ${status}\n${stdout}\n${stderr}`);
      return errors;
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}
