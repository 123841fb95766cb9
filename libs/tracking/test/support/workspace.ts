import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(__dirname, '../../../..');

/** A folder that goes with the test. */
export function temporaryFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'tracking-test-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Runs a program of this folder in a process of its own. */
export function runProgram(
  name: string,
  settings: object,
): { child: ChildProcess; output: Promise<string>; lines: string[] } {
  const child = spawn(
    process.execPath,
    [
      '-C',
      '@label-relaxation/source',
      '-r',
      'ts-node/register',
      join(__dirname, `${name}.ts`),
      JSON.stringify(settings),
    ],
    {
      cwd: root,
      env: { ...process.env, TS_NODE_PROJECT: 'tsconfig.base.json' },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const lines: string[] = [];
  let text = '';
  const output = new Promise<string>((resolve) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      lines.splice(0, lines.length, ...text.split('\n'));
    });
    child.on('close', () => resolve(text));
  });
  return { child, output, lines };
}

/** Waits until `condition` holds. */
export async function until(condition: () => boolean | Promise<boolean>, timeoutMs = 30_000): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error('what was waited for did not come');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
