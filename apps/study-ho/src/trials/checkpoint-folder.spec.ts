import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { claimCheckpoints } from './checkpoint-folder';

let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'checkpoints-'))));
afterEach(() => rmSync(root, { recursive: true }));

describe('claimCheckpoints', () => {
  it('hands on what the last attempt left, and takes its folder away from it', () => {
    const first = claimCheckpoints('abc', root);
    expect(existsSync(first)).toBe(false);
    mkdirSync(first);
    writeFileSync(join(first, 'checkpoint.bin'), 'epoch 3');
    const second = claimCheckpoints('abc', root);
    expect(readFileSync(join(second, 'checkpoint.bin'), 'utf8')).toBe('epoch 3');
    expect(() => writeFileSync(join(first, 'checkpoint.bin'), 'epoch 2')).toThrow('ENOENT');
  });

  it('takes the newest of several, and leaves other runs alone', () => {
    for (const [index, name] of ['abc', 'abc.0', 'abcd'].entries()) {
      mkdirSync(join(root, name));
      writeFileSync(join(root, name, 'which'), name);
      utimesSync(join(root, name), index, index);
    }
    const own = claimCheckpoints('abc', root);
    expect(readFileSync(join(own, 'which'), 'utf8')).toBe('abc.0');
    expect(readdirSync(root).sort()).toEqual([basename(own), 'abcd']);
  });

  it('says in one line that nothing can be written there', () => {
    // Not even root makes a folder in the kernel's.
    expect(() => claimCheckpoints('abc', '/sys/checkpoints')).toThrow(
      /^The folder \/sys\/checkpoints for checkpoints cannot be written: [^\n]*$/u,
    );
  });
});
