import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Lock } from './lock';

jest.setTimeout(30_000);

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tracking-lock-'));
  file = join(folder, 'x.jsonl');
});

afterEach(() => rmSync(folder, { recursive: true }));

/** The only lock file, made into that of another process. */
function rename(change: (parts: string[]) => string[]): string {
  const [name = ''] = readdirSync(folder);
  const [prefix = '', rest = ''] = name.split('.lock-');
  const changed = `${prefix}.lock-${change(rest.split('-')).join('-')}`;
  renameSync(join(folder, name), join(folder, changed));
  return join(folder, changed);
}

describe('Lock', () => {
  it('is held once, and again after its release', () => {
    const lock = Lock.acquire(file);
    expect(lock).toBeDefined();
    expect(Lock.acquire(file)).toBeUndefined();
    expect(Lock.holder(file)).toBe(process.pid);
    lock?.release();
    expect(Lock.holder(file)).toBeUndefined();
    const again = Lock.acquire(file);
    expect(again).toBeDefined();
    again?.release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is taken over from a process that died', async () => {
    const child = spawn(process.execPath, ['-e', '0']);
    const { pid } = child;
    await once(child, 'exit');
    Lock.acquire(file);
    rename(([host = '', , started = '', id = '']) => [host, String(pid), started, id]);
    const lock = Lock.acquire(file);
    expect(lock).toBeDefined();
    lock?.release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is taken over from a process that died and that its parent, which hangs, did not take note of', async () => {
    const parent = spawn('sh', ['-c', 'sleep 0 & echo $!; exec sleep 60'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const pid = Number(String(line));
    const fields = () => {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    };
    while (fields()[0] !== 'Z') await setTimeout(10);
    Lock.acquire(file);
    rename(([host = '', , , id = '']) => [host, String(pid), fields()[19] as string, id]);
    const lock = Lock.acquire(file);
    expect(lock).toBeDefined();
    lock?.release();
    parent.kill();
  });

  it('is not held by a newer process of the same number', () => {
    Lock.acquire(file);
    rename(([host = '', pid = '', , id = '']) => [host, pid, '1', id]);
    const lock = Lock.acquire(file);
    expect(lock).toBeDefined();
    lock?.release();
  });

  it('is held on another machine as long as that gives signs of life', () => {
    Lock.acquire(file);
    const path = rename(([, pid = '', started = '', id = '']) => ['0123456789ab', pid, started, id]);
    expect(Lock.acquire(file)).toBeUndefined();
    const longAgo = Date.now() / 1000 - 3600;
    utimesSync(path, longAgo, longAgo);
    const lock = Lock.acquire(file);
    expect(lock).toBeDefined();
    lock?.release();
  });

  it('does not mind other files', () => {
    writeFileSync(join(folder, 'y.jsonl.lock-a-1-1-b'), '');
    const lock = Lock.acquire(file);
    expect(lock).toBeDefined();
    lock?.release();
  });
});
