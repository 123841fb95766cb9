import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { isAlive, isSame, parseHolder, processHere, staleMs, thisProcess } from './holder';

describe('a holder', () => {
  it('is read as it was written, and nothing else is', () => {
    const own = thisProcess();
    expect(parseHolder(JSON.stringify(own))).toEqual(own);
    for (const text of [
      undefined,
      '',
      'none',
      'null',
      '{}',
      '{"host":"a","pid":"1","started":"","seen":1}',
    ]) {
      expect(parseHolder(text)).toBeUndefined();
    }
  });

  it('lives as long as its process', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    const holder = processHere(child.pid as number);
    expect(isAlive(holder)).toBe(true);
    expect(isAlive({ ...holder, started: '1' })).toBe(false);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(isAlive(holder)).toBe(false);
  });

  it('on another machine lives as long as it is heard of', () => {
    const there = { ...thisProcess(), host: 'another', seen: 1_000_000 };
    expect(isAlive(there, 1_000_000 + staleMs - 1)).toBe(true);
    expect(isAlive(there, 1_000_000 + staleMs)).toBe(false);
  });

  it('is the same process whenever it was heard of', () => {
    const own = thisProcess();
    expect(isSame(own, { ...own, seen: 0 })).toBe(true);
    expect(isSame(own, { ...own, pid: own.pid + 1 })).toBe(false);
    expect(isSame(own, { ...own, started: '1' })).toBe(false);
  });
});
