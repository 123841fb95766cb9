import { parseArgs } from 'node:util';
import { UsageError } from '@label-relaxation/experiments';

/** The flags of a command that serves a page, and the words beside them. */
export interface Flags<Text extends string> {
  /** 0 for any that is free. */
  readonly port: number;
  readonly help: boolean;
  readonly words: readonly string[];
  /** What the command's further flags were given. */
  readonly texts: Readonly<Partial<Record<Text, string>>>;
}

const options = {
  port: { type: 'string', default: '0' },
  help: { type: 'boolean', default: false },
} as const;

/**
 * Reads the words after a command's name. Throws a UsageError for what it doesn't know.
 *
 * @param further flags that the command takes beside `--port` and `--help`, each with a text
 */
export function parseFlags<Text extends string = never>(
  args: readonly string[],
  further: readonly Text[] = [],
): Flags<Text> {
  const { values, positionals } = parsed(args, further);
  const port = Number(values.port);
  if (!/^\d+$/u.test(values.port) || port > 65_535)
    throw new UsageError(`--port takes a number from 0 to 65535, not "${values.port}"`);
  const texts = Object.fromEntries(further.map((name) => [name, values[name]]));
  return { port, help: values.help, words: positionals, texts: texts as Flags<Text>['texts'] };
}

function parsed(args: readonly string[], further: readonly string[]) {
  const texts = Object.fromEntries(further.map((name) => [name, { type: 'string' } as const]));
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { ...texts, ...options },
      allowPositionals: true,
    });
    return { values: values as typeof values & Record<string, string | undefined>, positionals };
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split('. ')[0]}; --help lists the flags`);
  }
}
