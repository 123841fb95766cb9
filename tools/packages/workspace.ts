import { spawnSync, type SpawnSyncOptions } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from '../../libs/runtime/setup/process/lock.cjs';
import { root } from '../setup/paths.cjs';

/** What the tests read of a library's package.json. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<'.', Readonly<Record<string, unknown>>>>;
}

/** A library as it is published. */
export interface Package {
  /** As in `libs/<folder>`. */
  readonly folder: string;
  readonly manifest: Manifest;
  readonly tarball: string;
}

const scope = '@label-relaxation/';

/** The folders of the libraries in `libs`. */
export const libraries: readonly string[] = readdirSync(join(root, 'libs'));

export function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(root, 'libs', folder, 'package.json'), 'utf8'));
}

/** The folders of the library and of those that it needs. */
export function closure(folder: string): string[] {
  const needed = Object.keys(readManifest(folder).dependencies ?? {}).filter((name) =>
    name.startsWith(scope),
  );
  return [folder, ...needed.flatMap((name) => closure(name.slice(scope.length)))];
}

/** The folder in which the workspace has a package of others that the library declares. */
export function installedFolder(folder: string, name: string): string {
  const places = [join(root, 'libs', folder), root].map((place) => join(place, 'node_modules', name));
  return places.find((place) => existsSync(place))!;
}

/**
 * Builds all libraries as their users do, and packs them.
 *
 * @param destination the folder for the tarballs
 */
export async function packLibraries(destination: string): Promise<Package[]> {
  mkdirSync(destination, { recursive: true });
  const flags = ['--json', '--ignore-scripts', '--pack-destination', destination];
  const output = await withLock(join(root, 'tmp', 'packages.lock'), async () => {
    run('npx', ['nx', 'run-many', '-t', 'build', '-p', 'libs/*'], { cwd: root, env: withoutNx() });
    return run('npm', ['pack', ...flags, ...libraries.flatMap((name) => ['-w', `libs/${name}`])], {
      cwd: root,
    });
  });
  const packed = Object.values<{ name: string; filename: string }>(JSON.parse(output));
  return libraries.map((folder) => {
    const manifest = readManifest(folder);
    const { filename } = packed.find(({ name }) => name === manifest.name)!;
    return { folder, manifest, tarball: join(destination, filename) };
  });
}

/** Runs a program to its end. Throws an Error with all that it wrote if it fails. */
export function run(file: string, args: readonly string[], options: SpawnSyncOptions = {}): string {
  const { status, stdout, stderr } = spawnSync(file, args, {
    env: process.env,
    maxBuffer: 1 << 26,
    ...options,
    encoding: 'utf8',
  });
  if (status !== 0)
    throw new Error(`${[file, ...args].join(' ')} ended with ${status}\n${stdout}\n${stderr}`);
  return stdout;
}

/** The environment without what an Nx that runs this test says to its tasks. */
export function withoutNx(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('NX_'));
  return { ...Object.fromEntries(own), NX_DAEMON: 'false', NO_COLOR: '1' };
}
