import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { root } from '../setup/paths.cjs';

/** A command that serves a page. */
export interface ServedPage {
  readonly address: string;
  /** Ends it by a signal; gives its exit code. */
  end(signal?: NodeJS.Signals): Promise<number | null>;
}

/** The words with which npm runs a program of the workspace, from the path of its TypeScript file on. */
export function programWords(main: string, words: readonly string[] = []): string[] {
  const app = join(root, 'tools/setup/app.cjs');
  return ['-C', '@label-relaxation/source', '-r', app, join(root, main), ...words];
}

/** Starts a command as npm does, and waits until it says where its page is. */
export async function servePage(
  main: string,
  words: readonly string[],
  environment: NodeJS.ProcessEnv = process.env,
): Promise<ServedPage> {
  const command = spawn(process.execPath, programWords(main, words), {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: environment,
  });
  const ended = once(command, 'exit') as Promise<[number | null]>;
  return {
    address: await addressOf(command),
    async end(signal = 'SIGINT') {
      command.kill(signal);
      return (await ended)[0];
    },
  };
}

async function addressOf({ stdout }: ChildProcess): Promise<string> {
  let text = '';
  for await (const chunk of stdout!) {
    text += String(chunk);
    const [found] = /http:\/\/127\.0\.0\.1:\d+\/(?=\s)/.exec(text) ?? [];
    if (found) return found;
  }
  throw new Error('the command ended without saying where its page is');
}
