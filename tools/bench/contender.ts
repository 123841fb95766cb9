import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface, type Interface } from 'node:readline';
import type { Readable } from 'node:stream';
import { BenchError } from './errors';

/** How to start a contender. */
export interface Program {
  readonly file: string;
  readonly args: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** What a contender says after its first step. */
interface FirstAnswer {
  readonly version: string;
  readonly value?: number | null;
  readonly memory?: number | null;
}

/**
 * A step in a process of its own, which works only when asked: it does one step at once, says so, and then
 * does as many steps as each line on its standard input says. Its answers come on file descriptor 3, one JSON line each,
 * so that whatever else it prints does no harm.
 */
export class Contender {
  /** Seconds from the start of the process to the end of its first step. */
  readonly firstStepSeconds: number;
  /** What the contender says it runs on, with its version. */
  readonly version: string;
  /** What the first step gave, where that is a number. */
  readonly value: number | null;
  /** What the contender held before its first step, in MB; null where the system doesn't tell. */
  readonly memoryBefore: number | null;
  readonly #child: ChildProcess;
  readonly #answers: Answers;

  private constructor(child: ChildProcess, answers: Answers, firstStepSeconds: number, first: FirstAnswer) {
    this.#child = child;
    this.#answers = answers;
    this.firstStepSeconds = firstStepSeconds;
    this.version = first.version;
    this.value = first.value ?? null;
    this.memoryBefore = first.memory ?? null;
  }

  /** Starts the process and waits for its first step; throws a BenchError where it ends before. */
  static async start(name: string, { file, args, environment = {} }: Program): Promise<Contender> {
    const started = performance.now();
    const child = spawn(file, args, {
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
      env: { ...process.env, ...environment },
    });
    const answers = new Answers(name, child);
    const first = (await answers.next()) as FirstAnswer;
    return new Contender(child, answers, (performance.now() - started) / 1000, first);
  }

  /** Does some steps; gives the milliseconds of each. */
  async run(steps: number): Promise<number[]> {
    this.#child.stdin!.write(`${steps}\n`);
    return ((await this.#answers.next()) as { ms: number[] }).ms;
  }

  /** The most memory that the process has held so far, in MB; null where the system doesn't tell. */
  get peakMemory(): number | null {
    try {
      const status = readFileSync(`/proc/${this.#child.pid}/status`, 'utf8');
      return Number(/^VmHWM:\s*(\d+) kB$/mu.exec(status)?.[1]) / 1024 || null;
    } catch {
      return null;
    }
  }

  /** Ends the process. */
  async stop(): Promise<void> {
    this.#child.stdin!.end();
    await this.#answers.ended;
  }
}

/** Reads the answers of a child process and notices when it ends. */
class Answers {
  /** Settles when the process has ended. */
  readonly ended: Promise<void>;
  readonly #name: string;
  readonly #lines: Interface;
  readonly #waiting: string[] = [];
  #wake: () => void = () => undefined;
  #failure: BenchError | null = null;
  #printed = '';

  constructor(name: string, child: ChildProcess) {
    this.#name = name;
    this.#lines = createInterface({ input: child.stdio[3] as Readable });
    this.#lines.on('line', (line) => {
      this.#waiting.push(line);
      this.#wake();
    });
    const keep = (chunk: Buffer): void => {
      this.#printed = (this.#printed + chunk.toString('utf8')).slice(-10_000);
    };
    child.stdout!.on('data', keep);
    child.stderr!.on('data', keep);
    child.stdin!.on('error', () => undefined);
    this.ended = new Promise((resolve) => {
      const end = (how: string): void => {
        this.#failure ??= new BenchError(`${this.#name} ${how}${lastLine(this.#printed)}`);
        this.#wake();
        resolve();
      };
      child.on('error', (error) => end(`did not start: ${error.message}`));
      child.on('close', (code, signal) => end(`ended early (${signal ?? `exit code ${code}`})`));
    });
  }

  async next(): Promise<unknown> {
    while (this.#waiting.length === 0) {
      if (this.#failure !== null) throw this.#failure;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    return JSON.parse(this.#waiting.shift()!);
  }
}

/** What a process said last, as the end of a message: the place to look for why it failed. */
export function lastLine(printed: string): string {
  const lines = printed.split('\n').map((line) => line.trim());
  const error = lines.findLast((line) => /^[\w.]*(Error|Exception|Interrupt)\b.*:/u.test(line));
  const last = error ?? lines.findLast((line) => line !== '');
  return last === undefined ? '.' : `: ${last}`;
}
