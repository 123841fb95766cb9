import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../../libs/runtime/setup/places.cjs';

/** The last releases when these tests were written; npm has each one's binary as a package. */
const versions = { '22': '22.23.3', '24': '24.21.0' } as const;

export type NodeMajor = keyof typeof versions;

/** Another version of Node, which npm installs into the cache unless it is there. */
export function otherNode(major: NodeMajor): string {
  const name = `node-${process.platform}-${process.arch}`;
  const place = join(cacheFolder(), 'node', versions[major]);
  if (!existsSync(place)) {
    const draft = `${place}.${process.pid}`;
    mkdirSync(draft, { recursive: true });
    try {
      const words = [
        'install',
        '--ignore-scripts',
        '--no-save',
        '--no-package-lock',
        '--no-audit',
        '--no-fund',
      ];
      execFileSync('npm', [...words, '--prefix', draft, `${name}@${versions[major]}`], { stdio: 'pipe' });
      if (!existsSync(place)) renameSync(draft, place);
    } finally {
      rmSync(draft, { recursive: true, force: true });
    }
  }
  return join(place, 'node_modules', name, 'bin', 'node');
}
