import { MlflowError } from './errors';
import type { DatasetInput, KeyValue, MetricEntity, WireNumber } from './types';

/** The server's limits. Lengths are in characters. */
export const limits = {
  key: 250,
  paramValue: 6000,
  tagValue: 8000,
  experimentName: 256,
  datasetName: 500,
  datasetDigest: 36,
  datasetSource: 65_535,
  datasetSchema: 1_048_575,
  datasetProfile: 16_777_215,
  inputTagKey: 255,
  inputTagValue: 500,
  batchMetrics: 1000,
  batchParams: 100,
  batchTags: 100,
  batchItems: 1000,
  /** Below the server's 1,000,000 by the room that the envelope takes. */
  batchBytes: 950_000,
} as const;

const KEY_PATTERN = /^[/\p{L}\p{N}_.\- :]+$/u;

/** Half of a character: JSON can carry it, the server stops reading at it. */
const LONE_SURROGATE = /[\ud800-\udfff]/gu;

type KeyKind = 'metric' | 'param' | 'tag';

/** Throws unless the server takes `key` as the name of a metric, param or tag. */
export function checkKey(kind: KeyKind, key: string): void {
  if (typeof key !== 'string' || key === '')
    throw new MlflowError(`The name of a ${kind} must be a text that is not empty, not ${show(key)}.`);
  if (tooLong(key, limits.key)) {
    throw new MlflowError(
      `The ${kind} ${show(key)} has a name of ${characters(key)} characters: at most ${limits.key} are allowed.`,
    );
  }
  if (!KEY_PATTERN.test(key)) {
    throw new MlflowError(
      `The ${kind} ${show(key)} has characters that MLflow refuses: use letters, digits, spaces and _ - . : / only.`,
    );
  }
  if (key.startsWith('/') || key.split('/').some((part) => part === '' || part === '.' || part === '..')) {
    throw new MlflowError(
      `The ${kind} ${show(key)} is not a plain path: no part between slashes may be empty, "." or "..".`,
    );
  }
}

/**
 * What `check` makes of each entry of one call. Where it throws for one of several, the message says that nothing of the call was logged.
 */
export function checkTogether<T, R>(
  entries: Readonly<Record<string, T>>,
  check: (key: string, value: T) => R,
): R[] {
  const pairs = Object.entries(entries);
  try {
    return pairs.map(([key, value]) => check(key, value));
  } catch (error) {
    if (pairs.length < 2 || !(error instanceof MlflowError)) throw error;
    throw new MlflowError(`${error.message} Nothing of the call was logged.`, { cause: error });
  }
}

/** A metric as the server takes it. Throws if the key, the value's type, the step or the timestamp would be refused or silently dropped. */
export function checkMetric(key: string, value: number, step: number, timestamp: number): MetricEntity {
  checkKey('metric', key);
  if (typeof value !== 'number')
    throw new MlflowError(`The metric "${key}" has the value ${show(value)}: it must be a number.`);
  if (!Number.isSafeInteger(step))
    throw new MlflowError(`The metric "${key}" has the step ${show(step)}: it must be a whole number.`);
  checkTimestamp(`The metric "${key}"`, timestamp);
  return { key, value: toWireNumber(value), timestamp, step };
}

/** Throws unless `timestamp` is milliseconds since 1970 as a whole number. */
export function checkTimestamp(what: string, timestamp: number): void {
  if (!Number.isSafeInteger(timestamp) || timestamp < 0) {
    throw new MlflowError(
      `${what} has the timestamp ${show(timestamp)}: it must be whole milliseconds since 1970.`,
    );
  }
}

/** A param as the server takes it: whatever is not a text becomes one as JavaScript, or JSON for lists and objects, writes it. */
export function checkParam(key: string, value: unknown): KeyValue {
  checkKey('param', key);
  return { key, value: checkValue('param', key, value, limits.paramValue) };
}

/** A tag as the server takes it. */
export function checkTag(key: string, value: unknown): KeyValue {
  checkKey('tag', key);
  return { key, value: checkValue('tag', key, value, limits.tagValue) };
}

function checkValue(kind: KeyKind, key: string, value: unknown, limit: number): string {
  if (value === undefined || typeof value === 'function' || typeof value === 'symbol') {
    throw new MlflowError(
      `The ${kind} "${key}" has the value ${show(value)}: it must be a text, a number, true, false, null, a list or an object.`,
    );
  }
  const text = (typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value)).replace(
    LONE_SURROGATE,
    '\ufffd',
  );
  if (tooLong(text, limit)) {
    throw new MlflowError(
      `The ${kind} "${key}" has a value of ${characters(text)} characters: at most ${limit} are allowed. Log it as a text artifact instead.`,
    );
  }
  return text;
}

/** Throws unless an experiment can have this name. */
export function checkExperimentName(name: string): void {
  if (typeof name !== 'string' || name.trim() === '')
    throw new MlflowError('The name of an experiment must not be empty.');
  if (tooLong(name, limits.experimentName)) {
    throw new MlflowError(
      `The name of the experiment has ${characters(name)} characters: at most ${limits.experimentName} are allowed.`,
    );
  }
}

/** Throws unless the server takes the dataset. */
export function checkDatasetInput({ dataset, tags = [] }: DatasetInput): void {
  const fields: [string, string | undefined, number][] = [
    ['name', dataset.name, limits.datasetName],
    ['digest', dataset.digest, limits.datasetDigest],
    ['source type', dataset.source_type, limits.inputTagKey],
    ['source', dataset.source, limits.datasetSource],
    ['schema', dataset.schema, limits.datasetSchema],
    ['profile', dataset.profile, limits.datasetProfile],
    ...tags.flatMap(({ key, value }): [string, string, number][] => [
      ['tag name', key, limits.inputTagKey],
      [`tag "${key}"`, value, limits.inputTagValue],
    ]),
  ];
  for (const [field, text, limit] of fields) {
    if (text === undefined && (field === 'schema' || field === 'profile')) continue;
    if (typeof text !== 'string' || (text === '' && field !== 'source')) {
      throw new MlflowError(
        `The dataset "${dataset.name}" has the ${field} ${show(text)}: it must be a text.`,
      );
    }
    if (tooLong(text, limit)) {
      throw new MlflowError(
        `The dataset "${dataset.name}" has a ${field} of ${characters(text)} characters: at most ${limit} are allowed.`,
      );
    }
  }
}

/** The path of an artifact with its parts checked: relative, with forward slashes, of names that the server keeps as they are. */
export function checkArtifactPath(path: string): string {
  const parts = typeof path === 'string' ? path.split('/') : [];
  if (parts.length === 0 || parts.some((part) => part === '' || part === '.' || part === '..')) {
    throw new MlflowError(
      `The artifact path ${show(path)} must be relative, without empty parts, "." and "..".`,
    );
  }
  const refused = /[%#?\\\u0000-\u001f\u007f]/.exec(path);
  if (refused !== null) {
    throw new MlflowError(
      `The artifact path ${show(path)} has the character ${show(refused[0])}, which MLflow's artifact server does not keep: rename the file.`,
    );
  }
  if (/[\ud800-\udfff]/u.test(path))
    throw new MlflowError(`The artifact path ${show(path)} is not well-formed text: rename the file.`);
  return path;
}

/** A number as MLflow's JSON carries it. */
export function toWireNumber(value: number): WireNumber {
  if (Number.isFinite(value)) return value;
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? 'Infinity' : '-Infinity';
}

/** The text cut to `limit` characters, with a mark where it was cut. */
export function truncate(text: string, limit: number): string {
  const wellFormed = text.replace(LONE_SURROGATE, '\ufffd');
  if (!tooLong(wellFormed, limit)) return wellFormed;
  return `${Array.from(wellFormed)
    .slice(0, limit - 3)
    .join('')}...`;
}

function characters(text: string): number {
  return Array.from(text).length;
}

function tooLong(text: string, limit: number): boolean {
  return text.length > limit && characters(text) > limit;
}

function show(value: unknown): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
