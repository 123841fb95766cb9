export { MlflowClient } from './client/client';
export { MlflowError } from './client/errors';
export { normaliseTrackingUri } from './client/connection';
export { startRun, withRun } from './start-run';
export { resumeRun } from './resume-run';
export { Run } from './run';
export { interruptedRun } from './journal/find-journal';
export { endOpenRuns } from './open-runs';
export { sourceTags } from './source-tags';
export { syncJournal } from './sync-journal';
export { shortDigest, tensorSchema } from './datasets';
export { writeMlModel } from './models';
export { processLives, processStart } from './processes';
export { withoutCredentials } from './client/address';

export type { GetOrCreateOptions, SearchOptions } from './client/calls/experiments';
export type { TransferOptions, TransferProgress } from './client/artifacts';
export type { Batch } from './client/batches';
export type { ConnectionOptions } from './client/connection';
export type { CallOptions } from './client/http';
export type {
  DatasetInput,
  Experiment,
  FileInfo,
  KeyValue,
  LoggedModel,
  MetricEntity,
  MetricPoint,
  ModelVersion,
  RegisteredModel,
  RunEntity,
  RunInfo,
  RunStatus,
  ViewType,
} from './client/types';
export type { TrackingOptions } from './options';
export type { StartRunOptions } from './start-run';
export type { ResumeOptions } from './resume-run';
export type { EndOptions, EndReport, EndStatus, MetricTime } from './run';
export type { LogModelOptions } from './log-model';
export type { SyncedRun, SyncOptions, SyncReport } from './sync-journal';
export type { Dataset, TensorDescription } from './datasets';
export type { ModelDescription, ModelSignature, TensorSpec } from './models';
