import { UsageError } from '@label-relaxation/experiments';
import yargs from 'yargs';

/** What `report simplex` is asked for. */
export interface SimplexCommand {
  readonly alpha: number;
  /** Probability above which data ambiguation holds a class possible. */
  readonly beta: number;
  readonly output: string;
}

/** Reads the words after `report simplex`; gives the help text in place of options where that was asked for. */
export async function parseSimplexOptions(words: readonly string[]): Promise<SimplexCommand | string> {
  const parser = yargs([])
    .help(false)
    .version(false)
    .scriptName('report simplex')
    .usage(
      'npm run report -- simplex [flags]\n\nDraws label smoothing, label relaxation and data ambiguation over the probability simplex of three classes.',
    )
    .option('alpha', {
      type: 'number',
      default: 0.25,
      requiresArg: true,
      describe: 'smoothing, and imprecisiation',
    })
    .option('beta', {
      type: 'number',
      default: 0.6,
      requiresArg: true,
      describe: 'probability above which a class is possible beside the label',
    })
    .option('output', {
      type: 'string',
      default: 'tmp/report',
      requiresArg: true,
      describe: 'folder for simplex.svg',
    })
    .option('help', { type: 'boolean', describe: 'show this text' })
    .exitProcess(false)
    .fail(false)
    .strict();
  try {
    const { alpha, beta, output, help } = await parser.parseAsync([...words]);
    if (help) return parser.getHelp();
    return { alpha: share('alpha', alpha), beta: share('beta', beta), output };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${(error as Error).message.split('\n')[0]}; --help lists the flags`);
  }
}

function share(flag: string, value: number): number {
  if (value >= 0 && value < 1) return value;
  throw new UsageError(
    `--${flag} ${value} is not possible: take a number from 0 up to, but not including, 1`,
  );
}
