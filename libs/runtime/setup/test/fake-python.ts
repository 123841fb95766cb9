import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Writes a program in Python's place: it makes a virtual environment that holds itself, and as pip it runs a shell script whose
 * arguments begin with the option that names a folder, and that folder.
 *
 * @returns its file
 */
export function fakePython(folder: string, option: string, script: string): string {
  const file = join(folder, 'python');
  const venv = `if [ "$2" = venv ]; then mkdir -p "$3/bin"; cp "$0" "$3/bin/python"; exit; fi`;
  writeFileSync(file, `#!/bin/sh\n${venv}\nwhile [ "$1" != ${option} ]; do shift; done\n${script}\n`);
  chmodSync(file, 0o755);
  return file;
}
