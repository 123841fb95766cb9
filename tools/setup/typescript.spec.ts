import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkoutPaths, root } from './paths.cjs';

let folder: string;
beforeEach(() => (folder = realpathSync(mkdtempSync(join(tmpdir(), 'typescript-')))));
afterEach(() => {
  rmSync(folder, { recursive: true });
  const kept = join(checkoutPaths().modules, '.cache', 'typescript');
  for (const name of readdirSync(kept))
    if (name.includes(folder.replaceAll('/', '+')) || /^[0-9a-f]{64}\.js$/u.test(name))
      rmSync(join(kept, name));
});

/** Runs a program, and tells what it printed and whether a compiler was loaded for it. */
function run(text: string, place = folder): { printed: string; compiled: boolean } {
  const file = join(place, 'program.ts');
  const tell = `console.log(Object.keys(require.cache).some((path) => /ts-node.dist/.test(path)));`;
  writeFileSync(file, `${text}\n${tell}`);
  const { stdout } = spawnSync(process.execPath, ['-r', join(root, 'tools/setup/typescript.cjs'), file], {
    encoding: 'utf8',
  });
  const [printed = '', loaded] = stdout.split('\n');
  return { printed, compiled: loaded === 'true' };
}

it('compiles a file whose path is longer than a name may be', () => {
  const deep = join(folder, 'd'.repeat(200), 'ü\'"$HOME'.repeat(10));
  mkdirSync(deep, { recursive: true });
  expect(run(`console.log('deep' as string);`, deep).printed).toBe('deep');
});

it('compiles a file when its text is new, and only then', () => {
  const first = `const words: readonly string[] = ['one', 'two'];\nconsole.log(words.join());`;
  expect(run(first)).toEqual({ printed: 'one,two', compiled: true });
  expect(run(first)).toEqual({ printed: 'one,two', compiled: false });
  const second = first.replace('two', 'three');
  expect(run(second)).toEqual({ printed: 'one,three', compiled: true });
  expect(run(first)).toEqual({ printed: 'one,two', compiled: true });
});
