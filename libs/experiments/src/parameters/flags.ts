import { UsageError } from '../errors';
import { checkTrackingUri } from './tracking-uri';

/** The commands that take flags from the parameter table. */
export type Command = 'study' | 'study-ho';

/** The headings of `--help`, in their order. */
export const flagGroups = [
  'Experiment',
  'Training',
  'Data',
  'Labels',
  'Scoring',
  'Search',
  'Tracking',
  'Machine',
  'Output',
] as const;

export interface Flag<T> {
  readonly group: (typeof flagGroups)[number];
  readonly help: string;
  readonly default: T;
  /** Reads the text given on the command line or in a file; throws a UsageError that names the flag and what it takes. */
  readonly parse: (text: string, name: string) => T;
  /** What the flag takes, in a few words, for `--help` and for messages. */
  readonly takes: string;
  readonly commands: readonly Command[];
  /** Why other commands lack the flag, or what they have in its place, for the message that refuses it. */
  readonly elsewhere?: string;
  /** Other spellings of the flag. */
  readonly aliases?: readonly string[];
  /** Whether the flag belongs to the experiment itself and so is logged as an MLflow param. */
  readonly logged: boolean;
  /** True where the flag may stand without a value. */
  readonly bare?: boolean;
  /** True for an address, which may hold a user and a password that are not to be shown or stored. */
  readonly isAddress?: boolean;
}

type FlagOptions = Pick<Flag<unknown>, 'group' | 'help'> &
  Partial<Pick<Flag<unknown>, 'commands' | 'elsewhere' | 'aliases' | 'logged'>>;

function common(options: FlagOptions) {
  return { commands: ['study', 'study-ho'] as const, logged: true, ...options };
}

function refuse(name: string, takes: string, text: string): never {
  throw new UsageError(`--${name} takes ${takes}, not ${text === '' ? 'nothing' : `"${text}"`}`);
}

interface Range {
  readonly min: number;
  readonly max?: number;
  /** An upper end that is not allowed itself. */
  readonly below?: number;
  readonly integer?: boolean;
  /** The lower end itself is not allowed. */
  readonly above?: boolean;
}

function describeRange({ min, max, below, integer, above }: Range): string {
  const kind = integer ? 'a whole number' : 'a number';
  if (max !== undefined) return `${kind} from ${min} to ${max}`;
  if (below !== undefined) return `${kind} from ${min} to below ${below}`;
  return above ? `${kind} above ${min}` : `${kind} of at least ${min}`;
}

/** A numeric flag within a range. */
export function numberFlag(defaultValue: number, range: Range, options: FlagOptions): Flag<number> {
  const takes = describeRange(range);
  const parse = (text: string, name: string): number => {
    const value = text.trim() === '' ? NaN : Number(text);
    const inRange =
      Number.isFinite(value) &&
      (range.above ? value > range.min : value >= range.min) &&
      value <= (range.max ?? Number.MAX_VALUE) &&
      value < (range.below ?? Infinity) &&
      (!range.integer || Number.isSafeInteger(value));
    return inRange ? value : refuse(name, takes, text);
  };
  return { ...common(options), default: defaultValue, takes, parse };
}

/** A switch: `--flag`, `--flag True`, `--flag false`. */
export function booleanFlag(defaultValue: boolean, options: FlagOptions): Flag<boolean> {
  const takes = 'True or False';
  const parse = (text: string, name: string): boolean => {
    const word = text.trim().toLowerCase();
    if (word === '' || word === 'true') return true;
    return word === 'false' ? false : refuse(name, takes, text);
  };
  return { ...common(options), default: defaultValue, takes, parse, bare: true };
}

/** A flag that takes any text; null where it isn't given. */
export function textFlag(takes: string, options: FlagOptions): Flag<string | null> {
  const parse = (text: string, name: string): string =>
    text.trim() === '' ? refuse(name, takes, text) : text;
  return { ...common(options), default: null, takes, parse };
}

/** A flag that takes an address; null where it isn't given. */
export function addressFlag(takes: string, options: FlagOptions): Flag<string | null> {
  return { ...textFlag(takes, options), isAddress: true };
}

/** A flag whose text `find` turns into a value; undefined refuses it. */
export function parsedFlag<T>(
  defaultValue: NoInfer<T>,
  takes: string,
  find: (text: string) => T | undefined,
  options: FlagOptions,
): Flag<T> {
  const parse = (text: string, name: string): T => find(text) ?? refuse(name, takes, text);
  return { ...common(options), default: defaultValue, takes, parse };
}

/** A flag that takes the address of a tracking server; null where it isn't given. */
export function trackingUriFlag(options: FlagOptions): Flag<string | null> {
  const flag = addressFlag('an http(s) address', options);
  const parse = (text: string, name: string): string | null => {
    const uri = flag.parse(text, name);
    if (uri !== null) checkTrackingUri(uri);
    return uri;
  };
  return { ...flag, parse };
}

/** A flag that takes one of several names, by any of their spellings and in any case. */
export function choiceFlag<T extends string>(
  defaultValue: NoInfer<T>,
  choices: Readonly<Record<T, readonly string[]>>,
  options: FlagOptions,
): Flag<T> {
  const names = Object.keys(choices) as T[];
  const find = (text: string): T | undefined => {
    const word = text.trim().toLowerCase();
    return names.find((choice) => choice === word || choices[choice].includes(word));
  };
  return parsedFlag(defaultValue, `one of ${names.join(', ')}`, find, options);
}

/** A flag that is null where it isn't given. */
export function optional<T>(flag: Flag<T>): Flag<T | null> {
  return { ...flag, default: null };
}

/** A flag that takes numbers separated by commas. */
export function numbersFlag(
  defaultValue: readonly number[],
  range: Range,
  options: FlagOptions,
): Flag<readonly number[]> {
  const one = numberFlag(0, range, options);
  const takes = `numbers separated by commas, each ${describeRange(range)}`;
  const parse = (text: string, name: string): readonly number[] => {
    try {
      return text.split(/[\s,]+/u).map((part) => one.parse(part, name));
    } catch {
      return refuse(name, takes, text);
    }
  };
  return { ...common(options), default: defaultValue, takes, parse };
}

const longestSpan = 10_000;

/** A flag that takes several numbers, `0.1,0.2`; of whole numbers also spans, `0,2,5-7`; null where it isn't given. */
export function listFlag(range: Range, options: FlagOptions): Flag<readonly number[] | null> {
  const one = numberFlag(0, range, options);
  const numbers = range.integer ? 'numbers and spans such as 0-9' : 'numbers';
  const takes = `${numbers} separated by commas, each ${describeRange(range)}`;
  const parse = (text: string, name: string): readonly number[] => {
    const parsePart = (part: string): number[] => {
      const [, first, last] = (range.integer && /^\s*(\d+)\s*-\s*(\d+)\s*$/u.exec(part)) || [];
      if (first === undefined || last === undefined) return [one.parse(part, name)];
      const [from, to] = [one.parse(first, name), one.parse(last, name)];
      if (to < from || to - from >= longestSpan) refuse(name, takes, text);
      return Array.from({ length: to - from + 1 }, (_, index) => from + index);
    };
    try {
      return [...new Set(text.split(',').flatMap(parsePart))];
    } catch {
      return refuse(name, takes, text);
    }
  };
  return { ...common(options), default: null, takes, parse };
}
