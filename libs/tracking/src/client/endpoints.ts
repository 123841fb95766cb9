import * as answers from './answers';
import { id, object, type Shape } from './shape';
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
  /** What an answer has at the least. */
  answer: Shape;
  /** Only for the types: never set. */
  types?: (request: Request) => Response;
}

type Page<T> = T & { next_page_token?: string };
type Paged = { max_results?: number; page_token?: string };
type Empty = Record<string, never>;

const anything = object({});

const read = <Request, Response>(path: string, answer = anything): Endpoint<Request, Response> => ({
  method: 'GET',
  path,
  repeatable: true,
  answer,
});
const search = <Request, Response>(path: string, answer = anything): Endpoint<Request, Response> => ({
  method: 'POST',
  path,
  repeatable: true,
  answer,
});
const write = <Request, Response = Empty>(path: string, answer = anything): Endpoint<Request, Response> => ({
  method: 'POST',
  path,
  repeatable: true,
  answer,
});
const change = <Request, Response = Empty>(path: string, answer = anything): Endpoint<Request, Response> => ({
  method: 'PATCH',
  path,
  repeatable: true,
  answer,
});
const create = <Request, Response = Empty>(path: string, answer = anything): Endpoint<Request, Response> => ({
  method: 'POST',
  path,
  repeatable: false,
  answer,
});

export const endpoints = {
  createExperiment: create<
    { name: string; artifact_location?: string; tags?: KeyValue[] },
    { experiment_id: string }
  >('experiments/create', object({ experiment_id: id })),
  getExperiment: read<{ experiment_id: string }, { experiment: Experiment }>(
    'experiments/get',
    object({ experiment: answers.experiment }),
  ),
  getExperimentByName: read<{ experiment_name: string }, { experiment: Experiment }>(
    'experiments/get-by-name',
    object({ experiment: answers.experiment }),
  ),
  searchExperiments: search<
    Paged & { filter?: string; order_by?: string[]; view_type?: ViewType },
    Page<{ experiments?: Experiment[] }>
  >('experiments/search', answers.page('experiments', answers.experiment)),
  setExperimentTag: write<{ experiment_id: string; key: string; value: string }>(
    'experiments/set-experiment-tag',
  ),
  restoreExperiment: write<{ experiment_id: string }>('experiments/restore'),
  deleteExperiment: write<{ experiment_id: string }>('experiments/delete'),

  createRun: create<
    { experiment_id: string; start_time: number; run_name?: string; user_id?: string; tags?: KeyValue[] },
    { run: WireRun }
  >('runs/create', object({ run: answers.run })),
  updateRun: write<
    { run_id: string; status?: RunStatus; end_time?: number; run_name?: string },
    { run_info: RunInfo }
  >('runs/update', object({ run_info: answers.runInfo })),
  getRun: read<{ run_id: string }, { run: WireRun }>('runs/get', object({ run: answers.run })),
  searchRuns: search<
    Paged & { experiment_ids: string[]; filter?: string; order_by?: string[]; run_view_type?: ViewType },
    Page<{ runs?: WireRun[] }>
  >('runs/search', answers.page('runs', answers.run)),
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
    answers.page('metrics', answers.metric),
  ),
  listArtifacts: read<
    { run_id: string; path?: string; page_token?: string },
    Page<{ root_uri?: string; files?: FileInfo[] }>
  >('artifacts/list', answers.page('files', answers.fileInfo)),

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
  >('logged-models', object({ model: answers.loggedModel })),
  getLoggedModel: read<{ model_id: string }, { model: LoggedModel }>(
    'logged-models/{model_id}',
    object({ model: answers.loggedModel }),
  ),
  searchLoggedModels: search<
    Paged & { experiment_ids: string[]; filter?: string },
    Page<{ models?: LoggedModel[] }>
  >('logged-models/search', answers.page('models', answers.loggedModel)),
  finalizeLoggedModel: change<{ model_id: string; status: LoggedModelStatus }, { model: LoggedModel }>(
    'logged-models/{model_id}',
  ),
  listLoggedModelArtifacts: read<
    { model_id: string; artifact_directory_path?: string; page_token?: string },
    Page<{ root_uri?: string; files?: FileInfo[] }>
  >('logged-models/{model_id}/artifacts/directories', answers.page('files', answers.fileInfo)),

  createRegisteredModel: create<
    { name: string; description?: string; tags?: KeyValue[] },
    { registered_model: RegisteredModel }
  >('registered-models/create', object({ registered_model: answers.registeredModel })),
  getRegisteredModel: read<{ name: string }, { registered_model: RegisteredModel }>(
    'registered-models/get',
    object({ registered_model: answers.registeredModel }),
  ),
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
  >('model-versions/create', object({ model_version: answers.modelVersion })),
  searchModelVersions: read<Paged & { filter?: string }, Page<{ model_versions?: ModelVersion[] }>>(
    'model-versions/search',
    answers.page('model_versions', answers.modelVersion),
  ),
} as const;
