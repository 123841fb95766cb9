import {
  any,
  count,
  id,
  list,
  number,
  object,
  oneOf,
  optional,
  pathBelow,
  record,
  text,
  type Shape,
} from '../client/shape';
import type { DatasetInput, KeyValue, RunStatus, WireNumber } from '../client/types';

/** The first line of a journal: what is needed to make the run on a server. */
export interface StartRecord {
  type: 'start';
  version: 1;
  /** Name of the journal and idempotency key of the run. */
  key: string;
  /** Where the run belongs; undefined if it was started offline. Never holds credentials. */
  trackingUri?: string;
  /** Undefined only if the run exists already. */
  experiment?: { name: string } | { id: string };
  runName?: string;
  startTime: number;
  tags: KeyValue[];
  /** Id of the parent run: the server's, or `local-<key>` while the parent has none. */
  parent?: string;
  /** The run exists already, under this id. */
  resume?: string;
  /** The run was taken over: this journal is of use only as long as the run's tag names it as its writer. */
  exclusive?: boolean;
}

/** The run exists on the server. */
export interface CreatedRecord {
  type: 'created';
  runId: string;
  runName: string;
  experimentId: string;
  artifactUri: string;
}

export interface MetricsRecord {
  type: 'metrics';
  at: number;
  step: number;
  values: Record<string, WireNumber>;
}

export interface TextsRecord {
  type: 'params' | 'tags';
  values: Record<string, string>;
}

/** A file for the run's artifacts, copied to `spool` in the journal's folder of files. */
export interface FileRecord {
  type: 'file';
  path: string;
  spool: string;
}

export interface InputsRecord {
  type: 'inputs';
  datasets: DatasetInput[];
}

/** A logged model, its folder copied to `spool`. */
export interface ModelRecord {
  type: 'model';
  /** Idempotency key. */
  key: string;
  name: string;
  spool: string;
  files: string[];
  step: number;
  modelType?: string;
  params: KeyValue[];
  tags: KeyValue[];
  registeredModelName?: string;
}

/** The run ends, or goes on again with RUNNING. */
export interface StatusRecord {
  type: 'status';
  status: RunStatus;
  at: number;
}

/** Everything that ends at or before this byte of the journal needs no more sending. */
export interface AckRecord {
  type: 'ack';
  offset: number;
}

/** Events that the server refused for good. */
export interface RejectedRecord {
  type: 'rejected';
  events: number;
  reason: string;
}

/** What is sent to the server. */
export type EventRecord =
  MetricsRecord | TextsRecord | FileRecord | InputsRecord | ModelRecord | StatusRecord;
export type JournalRecord = StartRecord | CreatedRecord | EventRecord | AckRecord | RejectedRecord;

/** How many events a record stands for: one for each metric point, param, tag, file, dataset and change of status. */
export function countEvents(record: JournalRecord): number {
  switch (record.type) {
    case 'metrics':
    case 'params':
    case 'tags':
      return Object.keys(record.values).length;
    case 'inputs':
      return record.datasets.length;
    case 'model':
      return record.files.length;
    case 'file':
    case 'status':
      return 1;
    default:
      return 0;
  }
}

/** Whether the record is sent to the server. */
export function isEvent(record: JournalRecord): record is EventRecord {
  return (
    record.type !== 'start' &&
    record.type !== 'created' &&
    record.type !== 'ack' &&
    record.type !== 'rejected'
  );
}

/** Id of a run that no server knows yet. */
export function localRunId(key: string): string {
  return `local-${key}`;
}

/** The key in the id of a run that no server knew; undefined for a server's id. */
export function keyOfLocalRunId(id: string): string | undefined {
  return /^local-([0-9a-f]{32})$/.exec(id)?.[1];
}

const keyValues = list(object({ key: text, value: text }));

/** What the records of each type have. */
const shapes: Readonly<Record<JournalRecord['type'], Shape>> = {
  start: object({
    ...{ version: count, key: text, startTime: count, tags: keyValues },
    ...{ trackingUri: optional(text), runName: optional(text), parent: optional(text), resume: optional(id) },
    experiment: optional(any(object({ name: text }), object({ id }))),
  }),
  created: object({ runId: id, runName: text, experimentId: id, artifactUri: text }),
  metrics: object({
    at: count,
    step: number,
    values: record(any(number, oneOf('NaN', 'Infinity', '-Infinity'))),
  }),
  params: object({ values: record(text) }),
  tags: object({ values: record(text) }),
  file: object({ path: pathBelow, spool: pathBelow }),
  inputs: object({ datasets: list(object({ dataset: object({ name: text }) })) }),
  model: object({
    ...{ key: text, name: pathBelow, spool: pathBelow, files: list(pathBelow), step: number },
    ...{ params: keyValues, tags: keyValues },
  }),
  status: object({ status: oneOf('RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED'), at: count }),
  ack: object({ offset: count }),
  rejected: object({ events: count, reason: text }),
};

/** The record on a line of a journal; undefined if the line is torn or damaged. */
export function parseRecord(line: string): JournalRecord | undefined {
  try {
    const value = JSON.parse(line) as JournalRecord | null;
    const type = value?.type ?? '';
    return Object.hasOwn(shapes, type) && shapes[type as JournalRecord['type']](value)
      ? (value as JournalRecord)
      : undefined;
  } catch {
    return undefined;
  }
}
