import { execFile, execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { promisify, stripVTControlCharacters } from 'node:util';
import { root } from '../setup/paths.cjs';

/** What a command printed, on both outputs, and its exit code. */
export interface Outcome {
  readonly code: number;
  readonly text: string;
}

/** A copy of this workspace in a folder of its own, as it is on disk, to change and to run Nx in. */
export interface WorkspaceCopy {
  readonly folder: string;
  /** Runs Nx there, without its daemon; `environment` is added to this process's. */
  nx(words: readonly string[], environment?: NodeJS.ProcessEnv): Promise<Outcome>;
  /** Lints files of the copy, those that are TypeScript. Throws what there is to say of them. */
  lint(files: readonly string[]): void;
  remove(): void;
}

/** Nx in one process, with no daemon that would outlive the test and nothing of the test's own run. */
const quiet = {
  NX_DAEMON: 'false',
  NX_TUI: 'false',
  NX_ISOLATE_PLUGINS: 'false',
  NX_NO_CLOUD: 'true',
};

/** Runs Nx in this workspace, or in another one. What it prints has no colours. */
export async function nx(
  words: readonly string[],
  environment: NodeJS.ProcessEnv = {},
  folder = root,
): Promise<Outcome> {
  const own = Object.entries(process.env).filter(([name]) => !/^(NX_|JEST_|LERNA_)/.test(name));
  const options = {
    cwd: folder,
    env: { ...Object.fromEntries(own), ...quiet, ...environment },
    maxBuffer: 2 ** 26,
  };
  const bin = join(folder, 'node_modules', 'nx', 'dist', 'bin', 'nx.js');
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [bin, ...words], options);
    return { code: 0, text: stripVTControlCharacters(stdout + stderr) };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, text: stripVTControlCharacters(stdout + stderr) };
  }
}

/**
 * Copies what git would take, and what `tsc --build` has made of it. Installed packages are linked, all but those of the
 * workspace, which are the copy's own.
 */
export function copyWorkspace(): WorkspaceCopy {
  const folder = mkdtempSync(join(tmpdir(), 'label-relaxation-workspace-'));
  const list = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate'];
  const files = execFileSync('git', list, { cwd: root, encoding: 'utf8' }).split('\0').filter(isThere);
  const built = projectFolders(files).flatMap((project) => [`${project}/dist`, `${project}/out-tsc`]);
  for (const file of [...files, ...built.filter(isThere)]) {
    cpSync(join(root, file), join(folder, file), { recursive: true, preserveTimestamps: true });
  }
  linkPackages(folder);
  symlinkSync(join(root, '.venv'), join(folder, '.venv'));
  execFileSync('git', ['init', '--quiet', '--initial-branch', 'main'], { cwd: folder });
  return {
    folder,
    nx: (words, environment) => nx(words, environment, folder),
    lint: (files) => {
      const eslint = join(folder, 'node_modules', 'eslint', 'bin', 'eslint.js');
      const own = files.filter((file) => file.endsWith('.ts'));
      const words = ['--max-warnings', '0', ...own];
      const { status, stdout } = spawnSync(process.execPath, [eslint, ...words], {
        cwd: folder,
        encoding: 'utf8',
      });
      if (status !== 0) throw new Error(stdout);
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}

const isThere = (file: string) => file !== '' && existsSync(join(root, file));

/** The folders among `files` that hold a project. */
function projectFolders(files: readonly string[]): string[] {
  return files.filter((file) => basename(file) === 'tsconfig.lib.json').map((file) => dirname(file));
}

function linkPackages(folder: string): void {
  const modules = join(root, 'node_modules');
  const into = join(folder, 'node_modules');
  const link = (name: string, target: string) => {
    mkdirSync(dirname(join(into, name)), { recursive: true });
    symlinkSync(target, join(into, name));
  };
  for (const name of readdirSync(modules)) {
    if (name === '.cache') continue;
    if (!name.startsWith('@')) link(name, join(modules, name));
    else
      for (const inner of readdirSync(join(modules, name)))
        link(`${name}/${inner}`, targetOf(`${name}/${inner}`));
  }

  /** A package's place: in the copy if the workspace has it, else where it is installed. */
  function targetOf(name: string): string {
    const place = relative(root, realpathSync(join(modules, name)));
    return place.startsWith('node_modules') ? join(root, place) : join(folder, place);
  }
}
