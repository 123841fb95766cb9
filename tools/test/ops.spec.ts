import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { which } from '../../libs/runtime/setup/requirements.cjs';
import { whenLong } from './long';

function testOps(...args: string[]) {
  const command = [join(__dirname, 'ops.mjs'), ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, {
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  });
  return { status, stdout, stderr };
}

it.each([
  [['--sanitize', 'thread'], 2, 'there is no sanitizer "thread": take address, undefined or both'],
  [['--sanitise', 'address'], 2, "Unknown option '--sanitise'"],
  [['--compiler', 'none++'], 1, 'none++ cannot be run: install it, or name another --compiler'],
])('%j is refused in one line', (args, status, words) => {
  expect(testOps(...args)).toEqual({ status, stdout: '', stderr: `test:ops: ${words}\n` });
});

describe.each(['g++', 'clang++'].filter((compiler) => which(compiler) !== null))(
  'built by %s',
  (compiler) => {
    whenLong(it).each(['', 'address,undefined'])(
      'our ops are right, sanitized for "%s"',
      (sanitizers) => {
        const { status, stderr } = testOps('--compiler', compiler, '--sanitize', sanitizers);
        expect(stderr).toMatch(/^Tests: +[1-9]\d* passed, [1-9]\d* total$/mu);
        expect(status).toBe(0);
      },
      30 * 60_000,
    );
  },
);
