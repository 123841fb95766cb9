import { lossOf, parseCommandLine, UsageError } from '@label-relaxation/experiments';
import type { GivenParameters, LossFlag } from '@label-relaxation/experiments';
import type { Study } from './study';
import { resolveStudy } from './study';

const lists = ['loss_name', 'model_name', 'dataset_name'] as const;
const mostCombinations = 1000;

/** What the command line of a search came to. */
export interface SearchCommand {
  readonly help: string | null;
  readonly words: readonly string[];
  /** The flags that hold for all studies. */
  readonly given: GivenParameters;
  readonly studies: readonly Study[];
}

/**
 * Reads the flags of a search: each combination of the losses, networks, data sets and seeds is a study, the seeds
 * changing fastest. Throws a UsageError.
 */
export async function parseSearch(
  words: readonly string[],
  usage: string,
  epilogue: string,
): Promise<SearchCommand> {
  const combinations = await Promise.all(
    combine(words).map((one) => parseCommandLine('study-ho', one, usage, epilogue)),
  );
  const [first] = combinations as [Awaited<ReturnType<typeof parseCommandLine>>];
  const isSearch = first.help === null && first.words.length === 0;
  const losses = combinations.map(({ given }) => given.loss_name);
  const own = combinations.map(({ given }) => withoutParametersOfOthers(given, losses));
  const studies = isSearch ? own.flatMap((given) => withSeeds(given).map(resolveStudy)) : [];
  const distinct = [...new Map(studies.map((study) => [study.key, study])).values()];
  return { help: first.help, words: first.words, given: first.given, studies: distinct };
}

/** Of several losses, one that lacks a parameter which another one has goes without it. */
function withoutParametersOfOthers(
  given: GivenParameters,
  losses: readonly (LossFlag | undefined)[],
): GivenParameters {
  const parametersOf = (loss: LossFlag | undefined) =>
    loss === undefined ? [] : Object.keys(lossOf(loss).parameters ?? {});
  const own = parametersOf(given.loss_name);
  const ofOthers = losses.flatMap(parametersOf).filter((name) => !own.includes(name));
  return Object.fromEntries(Object.entries(given).filter(([name]) => !ofOthers.includes(name)));
}

function withSeeds(given: GivenParameters): GivenParameters[] {
  if (given.resume === false) {
    throw new UsageError(
      '--resume False: a search always goes on where it stopped; give another --experiment_name to begin anew',
    );
  }
  if (given.seeds && given.seed !== undefined) {
    throw new UsageError('--seed and --seeds are both given: leave out one of them');
  }
  return given.seeds ? given.seeds.map((seed) => ({ ...given, seed })) : [given];
}

/** The command lines that a command line with lists of names stands for. Of a flag given twice the last counts. */
function combine(words: readonly string[]): string[][] {
  return lists.reduce<string[][]>(
    (lines, name) => {
      const choices = lines.flatMap((line) => choicesOf(line, name));
      if (choices.length <= mostCombinations) return choices;
      throw new UsageError(`--${name}: that makes more than ${mostCombinations} studies: give fewer names`);
    },
    [[...words]],
  );
}

function choicesOf(words: string[], name: string): string[][] {
  const at = words.findLastIndex((word) => word === `--${name}` || word.startsWith(`--${name}=`));
  if (at < 0) return [words];
  const joined = words[at]?.includes('=');
  const text = joined ? (words[at] as string).slice(name.length + 3) : words[at + 1];
  if (text === undefined || (!joined && text.startsWith('-'))) return [words];
  const rest = words.slice(at + (joined ? 1 : 2));
  return [...new Set(text.split(','))].map((choice) => [
    ...words.slice(0, at),
    `--${name}=${choice.trim()}`,
    ...rest,
  ]);
}
