import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder on a disk that is full when a test wants it to be. */
export interface SmallDisk {
  readonly folder: string;
  /** Lets so many bytes more fit; all that the disk has if none are named. */
  leave(bytes?: number): void;
  remove(): void;
}

/**
 * Makes a disk of some megabytes in memory. Where that isn't allowed to this user, it is an ordinary folder, and no file that this
 * process writes may get longer than what is left.
 */
export function smallDisk(megabytes: number): SmallDisk {
  const folder = mkdtempSync(join(tmpdir(), 'label-relaxation-disk-'));
  const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder]);
  const remove = () => rmSync(folder, { recursive: true });
  if (mount.status !== 0) {
    const leave = (bytes: number | 'unlimited' = 'unlimited') =>
      void execFileSync('prlimit', ['--pid', String(process.pid), `--fsize=${bytes}:`]);
    return { folder, leave, remove };
  }
  const filler = join(folder, 'filler');
  return {
    folder,
    leave: (bytes) => {
      rmSync(filler, { force: true });
      if (bytes === undefined) return;
      const { bavail, bsize } = statfsSync(folder);
      writeFileSync(filler, Buffer.alloc(Math.max(0, bavail * bsize - bytes)));
    },
    remove: () => {
      execFileSync('umount', [folder]);
      remove();
    },
  };
}
