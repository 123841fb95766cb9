import { checkTrackingUri, UsageError } from '@label-relaxation/experiments';
import { losses } from '@label-relaxation/losses/declarations';
import type { Argv } from 'yargs';
import yargs from 'yargs';
import type { Format } from './formats/files';
import { formats } from './formats/files';
import { namedLoss } from './losses';
import type { RunFilter, ScoredPart } from './runs';
import { parseSeeds } from './seeds';
import type { ScoreName } from './table';
import { scoreNames } from './table';

/** What the command line asks for. */
export interface ReportOptions extends RunFilter {
  readonly experiment: string;
  /** Null for that of MLFLOW_TRACKING_URI. */
  readonly trackingUri: string | null;
  readonly output: string;
  readonly formats: readonly Format[];
  readonly scored: ScoredPart;
  readonly columns: readonly ScoreName[];
  /** Whether tables show the bootstrap intervals of means in place of deviations. */
  readonly intervals: boolean;
  /** Whether the report becomes a run of the experiment. */
  readonly log: boolean;
  readonly json: boolean;
}

const defaultColumns: readonly ScoreName[] = ['accuracy', 'ece', 'nll', 'brier'];

const shortNames = losses.map(({ short }) => short);

const flags = {
  experiment_name: {
    describe: 'MLflow experiment (otherwise MLFLOW_EXPERIMENT_NAME, else LabelRelaxationStudy)',
  },
  tracking_uri: { describe: 'MLflow server (otherwise MLFLOW_TRACKING_URI)' },
  seeds: {
    describe: 'seeds that every row should have, such as 0-9,42; others are left out (otherwise all)',
  },
  losses: { describe: 'losses, such as lr,ce (otherwise all)' },
  models: { describe: 'networks, such as simple_dense,vgg (otherwise all)' },
  datasets: { describe: 'data sets, such as mnist,fashion_mnist (otherwise all)' },
  scored: { describe: 'data that the tables are of: test or validation', defaultDescription: 'test' },
  columns: {
    describe: `scores that the tables show: some of ${scoreNames.join(',')}`,
    defaultDescription: defaultColumns.join(','),
  },
  format: { describe: `files to write: ${formats.join(',')}`, defaultDescription: 'all' },
  output: { describe: 'folder for the files', defaultDescription: 'tmp/report' },
} as const;

const switches = {
  intervals: { describe: 'show 95% bootstrap intervals of the means over seeds, not standard deviations' },
  no_log: { describe: 'write the files only; otherwise they are also artifacts of a run named report' },
  json: { describe: 'print the result as one JSON object on the last line' },
  help: { describe: 'show this text' },
} as const;

const groups: Readonly<Record<string, string[]>> = {
  'Runs:': ['experiment_name', 'tracking_uri', 'seeds', 'losses', 'models', 'datasets', 'scored'],
  'Output:': ['columns', 'intervals', 'format', 'output', 'no_log', 'json', 'help'],
};

/** Reads the words after the command's name; gives the help text in place of options where that was asked for. */
export async function parseOptions(
  words: readonly string[],
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<ReportOptions | string> {
  const parser = yargs([])
    .scriptName('report')
    .usage(
      'npm run report -- [flags]\nnpm run report -- simplex [flags]\n\nMakes tables, tests and plots over the finished runs of an MLflow experiment; simplex draws the losses of three classes.',
    )
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
    .fail(false)
    .strict()
    .wrap(Math.min(110, process.stderr.columns ?? 100));
  for (const [name, flag] of Object.entries(flags))
    parser.option(name, { ...flag, type: 'string', requiresArg: true });
  for (const [name, flag] of Object.entries(switches)) parser.option(name, { ...flag, type: 'string' });
  parser.alias('no_log', 'no-log');
  for (const [group, names] of Object.entries(groups)) parser.group(names, group);
  const argv = await readWords(parser, words);
  const text = (name: keyof typeof flags) => (argv[name] === undefined ? null : String(argv[name]).trim());
  if (readSwitch('help', argv['help'])) return parser.getHelp();
  const seeds = text('seeds');
  return {
    experiment: text('experiment_name') || environment['MLFLOW_EXPERIMENT_NAME'] || 'LabelRelaxationStudy',
    trackingUri: readTrackingUri(text('tracking_uri')),
    seeds: seeds === null ? null : parseSeeds(seeds),
    losses: list(text('losses')).map((name) => {
      const loss = namedLoss(name);
      if (!loss) throw new UsageError(`--losses ${name} is no loss: take some of ${shortNames.join(', ')}`);
      return loss;
    }),
    models: list(text('models')),
    datasets: list(text('datasets')),
    scored: choice('scored', text('scored') ?? 'test', ['test', 'validation'] as const),
    columns: list(text('columns') ?? defaultColumns.join(',')).map((name) =>
      choice('columns', name, scoreNames),
    ),
    intervals: readSwitch('intervals', argv['intervals']),
    formats: list(text('format') ?? 'all').flatMap((name) =>
      name === 'all' ? formats : [choice('format', name, [...formats, 'all'] as const) as Format],
    ),
    output: text('output') || 'tmp/report',
    log: !readSwitch('no_log', argv['no_log']),
    json: readSwitch('json', argv['json']),
  };
}

async function readWords(parser: Argv, words: readonly string[]): Promise<Record<string, unknown>> {
  try {
    return await parser.parseAsync([...words]);
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split('\n')[0]}; --help lists the flags`);
  }
}

function readTrackingUri(uri: string | null): string | null {
  if (uri !== null) checkTrackingUri(uri);
  return uri;
}

function list(text: string | null): string[] {
  return (text ?? '')
    .split(',')
    .map((part) => part.trim().toLowerCase())
    .filter((part) => part !== '');
}

function choice<T extends string>(flag: string, value: string, choices: readonly T[]): T {
  const found = choices.find((candidate) => candidate === value.toLowerCase());
  if (found === undefined)
    throw new UsageError(`--${flag} ${value} is not possible: take ${choices.join(', ')}`);
  return found;
}

/** A switch's value: the bare flag is yes, and True, False and their like may follow it. */
function readSwitch(name: keyof typeof switches, value: unknown): boolean {
  if (value === undefined) return false;
  const text = String(value).toLowerCase();
  if (['', 'true', '1', 'yes'].includes(text)) return true;
  if (['false', '0', 'no'].includes(text)) return false;
  throw new UsageError(`--${name} ${text} is not possible: take True or False`);
}
