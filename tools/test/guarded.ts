import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endGroup } from '../mlflow/launch.cjs';
import { processIdentity } from '../../libs/runtime/setup/process/identity.cjs';

/** A program with a folder of its own, which ends at the latest with the process that started it. */
export interface Guarded {
  readonly directory: string;
  /** What the program has written so far. */
  log(): string;
  /** Starts it, and waits until it is ready; throws, with the end of its log, if it ends before. */
  start(): Promise<void>;
  /** Ends it and what it started: by SIGTERM, and SIGKILL after ten seconds, or by SIGKILL at once. */
  end(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  /** Ends it, and removes its folder. */
  remove(): Promise<void>;
}

interface Options {
  name: string;
  command: { file: string; args: readonly string[] };
  environment?: NodeJS.ProcessEnv;
  /** Whether the process group `pid` serves; asked until it is true. */
  isReady(pid: number): Promise<boolean>;
}

/** Prepares a program for a test; nothing runs before `start`. */
export function guarded({ name, command, environment, isReady }: Options): Guarded {
  const directory = mkdtempSync(join(tmpdir(), `label-relaxation-${name}-`));
  const logFile = join(directory, 'log.txt');
  let guard: ChildProcess | null = null;

  const log = () => readFileSync(logFile, 'utf8');

  async function start(): Promise<void> {
    const output = openSync(logFile, 'a');
    guard = spawn(
      process.execPath,
      [join(__dirname, 'guard.cjs'), directory, command.file, ...command.args],
      {
        cwd: directory,
        env: environment ?? process.env,
        stdio: ['pipe', output, output],
        detached: true,
      },
    );
    closeSync(output);
    guard.unref();
    (guard.stdin as unknown as { unref(): void }).unref();
    guard.stdin?.on('error', () => undefined);
    const pid = guard.pid ?? 0;
    for (const limit = Date.now() + 300_000; Date.now() < limit && processIdentity(pid) !== null;) {
      if (await isReady(pid)) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const words = log().trimEnd().split('\n').slice(-15).join('\n');
    await remove();
    throw new Error(`${name} did not start:\n${words}`);
  }

  async function end(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    if (guard?.pid !== undefined) await endGroup(guard.pid, signal);
    guard = null;
  }

  async function remove(): Promise<void> {
    await end();
    rmSync(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }

  return { directory, log, start, end, remove };
}
