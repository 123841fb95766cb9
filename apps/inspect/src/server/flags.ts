import { parseArgs } from 'node:util';
import { UsageError } from '@label-relaxation/experiments';

/** The flags of a command that serves a page, and the words beside them. */
export interface Flags {
  /** 0 for any that is free. */
  readonly port: number;
  readonly help: boolean;
  readonly words: readonly string[];
}

const options = {
  port: { type: 'string', default: '0' },
  help: { type: 'boolean', default: false },
} as const;

/** Reads the words after a command's name. Throws a UsageError for what it doesn't know. */
export function parseFlags(args: readonly string[]): Flags {
  const { values, positionals } = parsed(args);
  const port = Number(values.port);
  if (!/^\d+$/u.test(values.port) || port > 65_535)
    throw new UsageError(`--port takes a number from 0 to 65535, not "${values.port}"`);
  return { port, help: values.help, words: positionals };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split('. ')[0]}; --help lists the flags`);
  }
}
