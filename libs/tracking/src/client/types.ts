/** A number as MLflow's JSON carries it: what is not finite is a string. */
export type WireNumber = number | 'NaN' | 'Infinity' | '-Infinity';

export type RunStatus = 'RUNNING' | 'SCHEDULED' | 'FINISHED' | 'FAILED' | 'KILLED';
export type LifecycleStage = 'active' | 'deleted';
export type ViewType = 'ACTIVE_ONLY' | 'DELETED_ONLY' | 'ALL';

/** A tag or a param: both sides are text. */
export interface KeyValue {
  key: string;
  value: string;
}

/** One point of a metric, as it is sent; `timestamp` in milliseconds, `step` an integer. */
export interface MetricEntity {
  key: string;
  value: WireNumber;
  timestamp: number;
  step: number;
}

/** One point of a metric, as it is read back: `value` may be NaN. */
export interface MetricPoint {
  key: string;
  value: number;
  timestamp: number;
  step: number;
}

export interface Experiment {
  experiment_id: string;
  name: string;
  artifact_location?: string;
  lifecycle_stage?: LifecycleStage;
  creation_time?: number;
  last_update_time?: number;
  tags?: KeyValue[];
}

export interface RunInfo {
  run_id: string;
  run_name?: string;
  experiment_id: string;
  status: RunStatus;
  start_time?: number;
  end_time?: number;
  artifact_uri: string;
  lifecycle_stage?: LifecycleStage;
}

/** A dataset that a run read. `schema` and `profile` are JSON texts. */
export interface DatasetEntity {
  name: string;
  digest: string;
  source_type: string;
  source: string;
  schema?: string;
  profile?: string;
}

export interface DatasetInput {
  dataset: DatasetEntity;
  tags?: KeyValue[];
}

export interface ModelInput {
  model_id: string;
}

export interface ModelOutput {
  model_id: string;
  step: number;
}

/** A run as the server returns it; metrics hold the latest point of each key. */
export interface RunEntity {
  info: RunInfo;
  data: { metrics: MetricPoint[]; params: KeyValue[]; tags: KeyValue[] };
  inputs: { dataset_inputs: DatasetInput[]; model_inputs: ModelInput[] };
  outputs: { model_outputs: ModelOutput[] };
}

/** A run as it is on the wire: empty lists are left out. */
export interface WireRun {
  info: RunInfo;
  data?: { metrics?: MetricEntity[]; params?: KeyValue[]; tags?: KeyValue[] };
  inputs?: { dataset_inputs?: DatasetInput[]; model_inputs?: ModelInput[] };
  outputs?: { model_outputs?: ModelOutput[] };
}

export interface FileInfo {
  path: string;
  is_dir: boolean;
  file_size?: number;
}

export type LoggedModelStatus = 'LOGGED_MODEL_PENDING' | 'LOGGED_MODEL_READY' | 'LOGGED_MODEL_UPLOAD_FAILED';

export interface LoggedModel {
  info: {
    model_id: string;
    experiment_id: string;
    name: string;
    artifact_uri: string;
    status: LoggedModelStatus | number;
    model_type?: string;
    source_run_id?: string;
    tags?: KeyValue[];
  };
  data?: { params?: KeyValue[] };
}

export interface RegisteredModel {
  name: string;
  description?: string;
  tags?: KeyValue[];
}

export interface ModelVersion {
  name: string;
  version: string;
  source?: string;
  run_id?: string;
  model_id?: string;
  status?: string;
  tags?: KeyValue[];
}
