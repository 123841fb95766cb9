import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { checkoutPaths, root } from '../setup/paths.cjs';

/** The key that interrupts. */
export const controlC = '\u0003';

/** What a program may have changed of its terminal, by the number of xterm's private mode. */
const modes = { cursor: 25, 'line wrap': 7 } as const;

/** A command that runs in a pseudo-terminal, as in a window before a person. It ends at the latest with this process. */
export class Terminal {
  readonly #window: ChildProcessWithoutNullStreams;
  readonly #end: Promise<unknown[]>;
  /** All that was shown so far. */
  shown = '';

  /** Starts a command in the checkout. */
  constructor(command: readonly string[], environment: NodeJS.ProcessEnv) {
    this.#window = spawn(checkoutPaths().python, [join(__dirname, 'in_terminal.py'), ...command], {
      cwd: root,
      env: { ...process.env, ...environment },
    });
    this.#end = once(this.#window, 'close');
    for (const stream of [this.#window.stdout, this.#window.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (this.shown += text));
    this.#window.stdin.on('error', () => undefined);
  }

  /** Resolves when something was shown; throws if the command ends before. */
  async shows(pattern: RegExp): Promise<void> {
    while (!pattern.test(this.shown)) {
      if (this.#window.exitCode !== null)
        throw new Error(`${pattern} was not shown:\n${this.shown.slice(-2000)}`);
      await delay(20);
    }
  }

  type(keys: string): void {
    this.#window.stdin.write(keys);
  }

  /** Closes the window. */
  close(): void {
    this.#window.stdin.end();
  }

  /** The command's exit code. */
  async ends(): Promise<number> {
    const [code] = (await this.#end) as [number];
    return code;
  }

  /** What the command has turned off and not on again. */
  get turnedOff(): string[] {
    return Object.entries(modes).flatMap(([name, number]) =>
      this.shown.lastIndexOf(`\u001b[?${number}l`) > this.shown.lastIndexOf(`\u001b[?${number}h`)
        ? [name]
        : [],
    );
  }
}
