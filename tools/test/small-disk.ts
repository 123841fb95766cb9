import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withMounts } from './mounts';

/** A folder on a disk that is full when a test wants it to be. */
export interface SmallDisk {
  readonly folder: string;
  /** Lets so many bytes more fit; all that the disk has if none are named. */
  leave(bytes?: number): void;
  remove(): void;
}

/** Mounts a disk in memory for a program that lives as long as this process, and tells that one's number. */
const script = `
  mount -t tmpfs -o "size=$2m" tmpfs "$1"
  tail --pid="$3" -f /dev/null >/dev/null 2>&1 &
  echo $!`;

/** Makes a disk of some megabytes in memory; for tests that `whenMounts` lets run. */
export function smallDisk(megabytes: number): SmallDisk {
  const place = mkdtempSync(join(tmpdir(), 'label-relaxation-disk-'));
  const [file, args] = withMounts(script, [place, String(megabytes), String(process.pid)]);
  const keeper = Number(spawnSync(file, args, { encoding: 'utf8' }).stdout);
  const folder = join('/proc', String(keeper), 'root', place);
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
      process.kill(keeper);
      rmSync(place, { recursive: true });
    },
  };
}
