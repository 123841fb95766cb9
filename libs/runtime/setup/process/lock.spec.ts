import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { processIdentity } from './identity.cjs';
import { holderOf, withLock } from './lock.cjs';

const lockModule = JSON.stringify(require.resolve('./lock.cjs'));

describe('withLock', () => {
  let folder: string;
  let file: string;
  const children: ChildProcess[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'label-relaxation-lock-'));
    file = join(folder, 'nested', 'lock');
  });
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  });

  function node(script: string): ChildProcess {
    const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    return child;
  }
  const ended = (child: ChildProcess) => new Promise((resolve) => child.on('close', resolve));

  it('lets one process in at a time', async () => {
    const trace = join(folder, 'trace');
    const script = `
      const { appendFileSync } = require('node:fs');
      require(${lockModule}).withLock(${JSON.stringify(file)}, async () => {
        appendFileSync(${JSON.stringify(trace)}, '(');
        await new Promise((done) => setTimeout(done, 50));
        appendFileSync(${JSON.stringify(trace)}, ')');
      });`;
    await Promise.all(Array.from({ length: 5 }, () => ended(node(script))));
    expect(readFileSync(trace, 'utf8')).toBe('()()()()()');
    expect(existsSync(file)).toBe(false);
  }, 60_000);

  it('takes over from a process that was killed while it held the lock', async () => {
    const child = node(`require(${lockModule}).withLock(${JSON.stringify(file)}, () => new Promise(() => {
      console.log('held'); setInterval(() => 0, 1000);
    }));`);
    await new Promise((resolve) => child.stdout?.once('data', resolve));
    expect(holderOf(file)?.pid).toBe(child.pid);
    const told: number[] = [];
    const taken = withLock(
      file,
      async () => 'taken',
      ({ pid }) => told.push(pid),
    );
    await sleep(300);
    expect(told).toEqual([child.pid]);
    child.kill('SIGKILL');
    expect(await taken).toBe('taken');
  }, 30_000);

  it('ends first what a process that was killed had started, and what that had', async () => {
    const started = join(folder, 'started');
    const script = `sleep 600 & echo $! > ${started}.new; mv ${started}.new ${started}; exec sleep 600`;
    const child = node(`
      const { run } = require(${JSON.stringify(require.resolve('./command.cjs'))});
      require(${lockModule}).withLock(${JSON.stringify(file)}, () => run('sh', ['-c', ${JSON.stringify(script)}]));`);
    while (!existsSync(started)) await sleep(20);
    const orphan = Number(readFileSync(started, 'utf8'));
    child.kill('SIGKILL');
    await ended(child);
    expect(processIdentity(orphan)).not.toBeNull();
    await withLock(file, async () => expect(processIdentity(orphan)).toBeNull());
  }, 60_000);

  it('is not deceived by a live process with the number of one that is gone', async () => {
    await withLock(file, async () => undefined);
    writeFileSync(file, JSON.stringify({ pid: process.pid, identity: 'of another life' }));
    expect(holderOf(file)).toBeNull();
    expect(await withLock(file, async () => 1)).toBe(1);
  });

  it('gives the lock back when the action fails', async () => {
    await expect(withLock(file, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(existsSync(file)).toBe(false);
  });
});

describe('processIdentity', () => {
  it('stays the same for a process, and is null for one that has ended', async () => {
    expect(processIdentity(process.pid)).toBe(processIdentity(process.pid));
    const child = spawn(process.execPath, ['-e', '0']);
    await new Promise((resolve) => child.on('exit', resolve));
    expect(processIdentity(child.pid ?? 0)).toBeNull();
    expect(processIdentity(-1)).toBeNull();
  });
});
