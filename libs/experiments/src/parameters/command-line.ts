import { closest, distance } from 'fastest-levenshtein';
import yargs from 'yargs';
import { UsageError } from '../errors';
import type { Command, Flag } from './flags';
import { flagGroups } from './flags';
import type { GivenParameters, ParameterName } from './parameters';
import { flagsOf, parameterTable, parseParameter } from './parameters';
import { withUserPaths } from './user-paths';

/** What the words after a command's name came to. */
export interface CommandLine {
  readonly given: GivenParameters;
  /** Words that belong to no flag, such as the name of a sub-command. */
  readonly words: readonly string[];
  /** The text to print and nothing else to do, after `--help` or `--version`. */
  readonly help: string | null;
}

/**
 * Reads a command's flags by the parameter table. A flag given twice counts as given last; `--flag value`, `--flag=value`
 * and, for switches, the bare `--flag` are the same. Throws a UsageError for an unknown flag or a bad value.
 */
export async function parseCommandLine(
  command: Command,
  words: readonly string[],
  usage: string,
  epilogue: string,
): Promise<CommandLine> {
  const flags = flagsOf(command);
  const canonical = spellings(command);
  refuseUnknown(command, words, [...canonical.keys(), 'help']);
  const parser = yargs([])
    .scriptName(command)
    .usage(usage)
    .parserConfiguration({
      'duplicate-arguments-array': false,
      'camel-case-expansion': false,
      'dot-notation': false,
      'boolean-negation': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
    })
    .help(false)
    .version(false)
    .exitProcess(false)
    .wrap(Math.min(120, process.stderr.columns ?? 100))
    .epilogue(epilogue);
  for (const group of flagGroups) {
    for (const [name, flag] of flags) {
      if (flag.group !== group) continue;
      parser.option(name, {
        group: `${group}:`,
        type: 'string',
        describe: flag.help,
        defaultDescription: describeDefault(flag.default),
      });
      for (const alias of flag.aliases ?? []) parser.option(alias, { type: 'string', hidden: true });
    }
  }
  parser.option('help', { group: 'Output:', type: 'boolean', describe: 'show this text' });
  const argv = await parser.parse([...words]);
  if (argv['help']) return { given: {}, words: [], help: tidyHelp(await parser.getHelp()) };
  return { given: withUserPaths(readFlags(canonical, argv)), words: argv._.map(String), help: null };
}

/** Takes out yargs's type labels: every flag is read as text, so they say nothing. */
function tidyHelp(text: string): string {
  return text
    .split('\n')
    .filter((line) => !/^\s*\[(string|boolean)\]$/u.test(line))
    .map((line) => line.replace(/\[(string|boolean)\]/u, ' '.repeat(8)).trimEnd())
    .join('\n');
}

function describeDefault(value: unknown): string | undefined {
  if (value === null) return undefined;
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return String(value);
}

/** Every spelling of every flag of a command, with the flag's name. */
function spellings(command: Command): Map<string, ParameterName> {
  return new Map(
    flagsOf(command).flatMap(([name, flag]) =>
      [name, ...(flag.aliases ?? [])].map((spelling) => [spelling, name]),
    ),
  );
}

function refuseUnknown(command: Command, words: readonly string[], known: readonly string[]): void {
  for (const word of words) {
    const name = /^--?([^-=\d.][^=]*)/u.exec(word)?.[1];
    if (name !== undefined && !(word.startsWith('--') && known.includes(name))) {
      throw new UsageError(
        elsewhere(command, name) ?? `unknown flag ${word.split('=')[0]}${suggestion(name, known)}`,
      );
    }
  }
}

/** Why a command lacks a flag that another one has. */
function elsewhere(command: Command, name: string): string | undefined {
  if (!Object.hasOwn(parameterTable, name)) return undefined;
  const flag: Flag<unknown> = parameterTable[name as ParameterName];
  return `${command} has no --${name}: ${flag.elsewhere ?? `it is a flag of ${flag.commands.join(' and ')}`}`;
}

function readFlags(
  canonical: ReadonlyMap<string, ParameterName>,
  argv: Record<string, unknown>,
): GivenParameters {
  const given: Record<string, unknown> = {};
  for (const [spelling, text] of Object.entries(argv)) {
    const name = canonical.get(spelling);
    if (name !== undefined && text !== undefined) given[name] = parseParameter(name, String(text));
  }
  return given as GivenParameters;
}

function suggestion(word: string, known: readonly string[]): string {
  const nearest = closest(word, known);
  const away = distance(word, nearest);
  return away < word.length && away <= Math.max(2, word.length / 4)
    ? `: did you mean --${nearest}?`
    : ': --help lists them';
}
