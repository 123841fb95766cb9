import { spawnSync } from 'node:child_process';

/** How `unshare` gives a program mounts of its own: as root, or as whoever is root in a namespace of users of its own. */
const ways = [['--mount'], ['--map-root-user', '--mount']];

let found: readonly string[] | null | undefined;

/** The words by which `unshare` lets this user mount, seen by the program alone that it runs; null where nothing may be. */
function way(): readonly string[] | null {
  found ??=
    ways.find(
      (words) => spawnSync('unshare', [...words, 'mount', '-t', 'tmpfs', 'tmpfs', '/tmp']).status === 0,
    ) ?? null;
  return found;
}

/** jest's `it` for tests that mount something; skipped where this user may mount nothing. */
export function whenMounts<It extends { readonly skip: It }>(it: It): It {
  return way() === null ? it.skip : it;
}

/** A command that runs a shell script, whose mounts are seen by what it runs alone. */
export function withMounts(script: string, args: readonly string[]): [file: string, args: string[]] {
  const words = way();
  if (words === null) throw new Error('this user may mount nothing: see whenMounts');
  return ['unshare', [...words, 'sh', '-ec', script, 'sh', ...args]];
}
