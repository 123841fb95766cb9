import type {
  DatasetInput,
  Experiment,
  FileInfo,
  KeyValue,
  LoggedModel,
  LoggedModelStatus,
  MetricEntity,
  ModelInput,
  ModelOutput,
  ModelVersion,
  RegisteredModel,
  RunInfo,
  RunStatus,
  ViewType,
  WireRun,
} from './types';

/** One call of MLflow's REST API: where it is and what goes in and out. */
export interface Endpoint<Request, Response> {
  method: 'GET' | 'POST' | 'PATCH';
  /** Path below `/api/2.0/mlflow/`; `{name}` is filled from the request. */
  path: string;
  /** Whether sending it twice leaves the server as sending it once does. */
  repeatable: boolean;
  /** Only for the types: never set. */
  types?: (request: Request) => Response;
}

type Page<T> = T & { next_page_token?: string };
type Paged = { max_results?: number; page_token?: string };
type Empty = Record<string, never>;

const read = <Request, Response>(path: string): Endpoint<Request, Response> => ({
  method: 'GET',
  path,
  repeatable: true,
});
const search = <Request, Response>(path: string): Endpoint<Request, Response> => ({
  method: 'POST',
  path,
  repeatable: true,
});
const write = <Request, Response = Empty>(path: string): Endpoint<Request, Response> => ({
  method: 'POST',
  path,
  repeatable: true,
});
const change = <Request, Response = Empty>(path: string): Endpoint<Request, Response> => ({
  method: 'PATCH',
  path,
  repeatable: true,
});
const create = <Request, Response = Empty>(path: string): Endpoint<Request, Response> => ({
  method: 'POST',
  path,
  repeatable: false,
});

export const endpoints = {
  createExperiment: create<
    { name: string; artifact_location?: string; tags?: KeyValue[] },
    { experiment_id: string }
  >('experiments/create'),
  getExperiment: read<{ experiment_id: string }, { experiment: Experiment }>('experiments/get'),
  getExperimentByName: read<{ experiment_name: string }, { experiment: Experiment }>(
    'experiments/get-by-name',
  ),
  searchExperiments: search<
    Paged & { filter?: string; order_by?: string[]; view_type?: ViewType },
    Page<{ experiments?: Experiment[] }>
  >('experiments/search'),
  setExperimentTag: write<{ experiment_id: string; key: string; value: string }>(
    'experiments/set-experiment-tag',
  ),
  restoreExperiment: write<{ experiment_id: string }>('experiments/restore'),
  deleteExperiment: write<{ experiment_id: string }>('experiments/delete'),

  createRun: create<
    { experiment_id: string; start_time: number; run_name?: string; user_id?: string; tags?: KeyValue[] },
    { run: WireRun }
  >('runs/create'),
  updateRun: write<
    { run_id: string; status?: RunStatus; end_time?: number; run_name?: string },
    { run_info: RunInfo }
  >('runs/update'),
  getRun: read<{ run_id: string }, { run: WireRun }>('runs/get'),
  searchRuns: search<
    Paged & { experiment_ids: string[]; filter?: string; order_by?: string[]; run_view_type?: ViewType },
    Page<{ runs?: WireRun[] }>
  >('runs/search'),
  deleteRun: write<{ run_id: string }>('runs/delete'),
  restoreRun: write<{ run_id: string }>('runs/restore'),
  setTag: write<{ run_id: string; key: string; value: string }>('runs/set-tag'),
  logBatch: write<{ run_id: string; metrics: MetricEntity[]; params: KeyValue[]; tags: KeyValue[] }>(
    'runs/log-batch',
  ),
  logInputs: create<{ run_id: string; datasets?: DatasetInput[]; models?: ModelInput[] }>('runs/log-inputs'),
  logOutputs: create<{ run_id: string; models: ModelOutput[] }>('runs/outputs'),
  getMetricHistory: read<Paged & { run_id: string; metric_key: string }, Page<{ metrics?: MetricEntity[] }>>(
    'metrics/get-history',
  ),
  listArtifacts: read<
    { run_id: string; path?: string; page_token?: string },
    Page<{ root_uri?: string; files?: FileInfo[] }>
  >('artifacts/list'),

  createLoggedModel: create<
    {
      experiment_id: string;
      name: string;
      model_type?: string;
      source_run_id?: string;
      params?: KeyValue[];
      tags?: KeyValue[];
    },
    { model: LoggedModel }
  >('logged-models'),
  getLoggedModel: read<{ model_id: string }, { model: LoggedModel }>('logged-models/{model_id}'),
  searchLoggedModels: search<
    Paged & { experiment_ids: string[]; filter?: string },
    Page<{ models?: LoggedModel[] }>
  >('logged-models/search'),
  finalizeLoggedModel: change<{ model_id: string; status: LoggedModelStatus }, { model: LoggedModel }>(
    'logged-models/{model_id}',
  ),
  listLoggedModelArtifacts: read<
    { model_id: string; artifact_directory_path?: string; page_token?: string },
    Page<{ root_uri?: string; files?: FileInfo[] }>
  >('logged-models/{model_id}/artifacts/directories'),

  createRegisteredModel: create<
    { name: string; description?: string; tags?: KeyValue[] },
    { registered_model: RegisteredModel }
  >('registered-models/create'),
  getRegisteredModel: read<{ name: string }, { registered_model: RegisteredModel }>('registered-models/get'),
  createModelVersion: create<
    {
      name: string;
      source: string;
      run_id?: string;
      model_id?: string;
      description?: string;
      tags?: KeyValue[];
    },
    { model_version: ModelVersion }
  >('model-versions/create'),
  searchModelVersions: read<Paged & { filter?: string }, Page<{ model_versions?: ModelVersion[] }>>(
    'model-versions/search',
  ),
} as const;
