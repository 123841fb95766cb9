import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { StudyJson } from '../src/text';

const root = resolve(__dirname, '../../..');
const words = ['-C', '@label-relaxation/source', '-r', join(root, 'tools/setup/app.cjs')];
const main = join(root, 'apps/study-ho/src/main.ts');

/** The command study-ho, as npm starts it, or another program of its kind, in a folder of its own. */
export class StudyHo {
  readonly #child: ChildProcess;
  readonly #exit: Promise<unknown[]>;
  stdout = '';
  stderr = '';

  constructor(folder: string, flags: readonly string[], environment: Record<string, string>, program = main) {
    this.#child = spawn(process.execPath, [...words, program, ...flags], {
      cwd: folder,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#exit = once(this.#child, 'close');
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
  }

  get pid(): number {
    return this.#child.pid as number;
  }

  /** Resolves when stderr has a match after `from`; throws if the command ends before. */
  async says(pattern: RegExp, from = 0): Promise<number> {
    for (;;) {
      const found = pattern.exec(this.stderr.slice(from));
      if (found) return from + found.index + found[0].length;
      if (this.#child.exitCode !== null || this.#child.signalCode !== null) {
        throw new Error(`study-ho ended before it said ${pattern}:\n${this.stderr}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Its exit code, or the signal that ended it. */
  async ends(): Promise<number | NodeJS.Signals> {
    const [code, signal] = (await this.#exit) as [number | null, NodeJS.Signals | null];
    return code ?? (signal as NodeJS.Signals);
  }

  /** What `--json` printed; throws unless the exit code is the expected one. */
  async json<T = StudyJson>(expectedCode = 0): Promise<T> {
    const code = await this.ends();
    if (code !== expectedCode) throw new Error(`exit code ${code}:\n${this.stderr}`);
    return JSON.parse(this.stdout.trim().split('\n').at(-1) as string) as T;
  }
}

/** The ids of the trial processes that were started from a folder, of a parent if one is given. */
export function trialProcesses(folder: string, parent?: number): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && isTrialIn(folder, pid, parent));
}

function isTrialIn(folder: string, pid: number, parent?: number): boolean {
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, parentPid] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const fits = parent === undefined || Number(parentPid) === parent;
    return (
      fits &&
      state !== 'Z' &&
      command.includes('study-ho/src/trial') &&
      readlinkSync(`/proc/${pid}/cwd`) === folder
    );
  } catch {
    return false;
  }
}

/** Resolves when a folder has no trial process left; throws after ten seconds. */
export async function noTrialProcessLeft(folder: string): Promise<void> {
  for (const limit = Date.now() + 10_000; trialProcesses(folder).length > 0;) {
    if (Date.now() > limit) throw new Error(`trial processes ${trialProcesses(folder).join(', ')} go on`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
