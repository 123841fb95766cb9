import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { downloadFile, uploadBytes, uploadFile, type TransferOptions } from './artifacts';
import type { Batch } from './batches';
import { resolveConnection, type Connection, type ConnectionOptions } from './connection';
import { endpoints } from './endpoints';
import { MlflowError } from './errors';
import { Http, type CallOptions } from './http';
import type {
  DatasetInput,
  Experiment,
  FileInfo,
  KeyValue,
  LoggedModel,
  LoggedModelStatus,
  MetricEntity,
  MetricPoint,
  ModelOutput,
  ModelVersion,
  RegisteredModel,
  RunEntity,
  RunInfo,
  RunStatus,
  ViewType,
  WireRun,
} from './types';
import { checkDatasetInput, checkExperimentName, checkTag } from './validation';

export interface SearchOptions extends CallOptions {
  /** MLflow's filter language, such as `params.loss_name = 'focal' and metrics.accuracy > 0.9`. */
  filter?: string;
  /** Such as `['metrics.accuracy DESC']`. */
  orderBy?: string[];
  viewType?: ViewType;
  /** Items fetched at a time; all pages are read whatever it is. Default 1000. */
  pageSize?: number;
}

export interface GetOrCreateOptions extends CallOptions {
  /** Bring a deleted experiment of that name back; without it, finding one is an error. */
  restoreDeleted?: boolean;
}

/**
 * One method an endpoint of MLflow's REST API, over connections that are kept open. Each method throws an `MlflowError`;
 * those that can be repeated safely are retried as the connection says.
 */
export class MlflowClient {
  readonly connection: Connection;
  private readonly http: Http;

  /** Throws an `MlflowError` if no server is named or an option is wrong; nothing is sent yet. */
  constructor(options: ConnectionOptions = {}) {
    this.connection = resolveConnection(options);
    this.http = new Http(this.connection);
  }

  /** The server's address, without a trailing slash. */
  get trackingUri(): string {
    return this.connection.trackingUri;
  }

  /** The page of a run in MLflow's UI. */
  runUrl(experimentId: string, runId: string): string {
    return `${this.trackingUri}/#/experiments/${experimentId}/runs/${runId}?workflowType=machine_learning`;
  }

  /** The page of an experiment's runs in MLflow's UI. */
  experimentUrl(experimentId: string): string {
    return `${this.trackingUri}/#/experiments/${experimentId}/runs?workflowType=machine_learning`;
  }

  /** POST experiments/create: the new experiment's id. */
  async createExperiment(
    name: string,
    options: CallOptions & { tags?: Record<string, string>; artifactLocation?: string } = {},
  ): Promise<string> {
    checkExperimentName(name);
    const tags = Object.entries(options.tags ?? {}).map(([key, value]) => checkTag(key, value));
    const request = {
      name,
      tags,
      ...(options.artifactLocation === undefined ? {} : { artifact_location: options.artifactLocation }),
    };
    return (await this.http.call(endpoints.createExperiment, request, options)).experiment_id;
  }

  /** GET experiments/get. */
  async getExperiment(experimentId: string, options: CallOptions = {}): Promise<Experiment> {
    return (await this.http.call(endpoints.getExperiment, { experiment_id: experimentId }, options))
      .experiment;
  }

  /** GET experiments/get-by-name: the experiment, deleted or not, or undefined if there is none. */
  async getExperimentByName(name: string, options: CallOptions = {}): Promise<Experiment | undefined> {
    checkExperimentName(name);
    try {
      return (await this.http.call(endpoints.getExperimentByName, { experiment_name: name }, options))
        .experiment;
    } catch (error) {
      if (error instanceof MlflowError && error.code === 'RESOURCE_DOES_NOT_EXIST') return undefined;
      throw error;
    }
  }

  /** The experiment of that name, made if there is none; safe when several processes ask at once. */
  async getOrCreateExperiment(name: string, options: GetOrCreateOptions = {}): Promise<Experiment> {
    const found = await this.getExperimentByName(name, options);
    if (found !== undefined) return this.usable(found, options);
    try {
      const id = await this.createExperiment(name, options);
      return { experiment_id: id, name, lifecycle_stage: 'active' };
    } catch (error) {
      const maybeThere =
        error instanceof MlflowError && (error.code === 'RESOURCE_ALREADY_EXISTS' || error.ambiguous);
      const other = maybeThere ? await this.getExperimentByName(name, options) : undefined;
      if (other === undefined) throw error;
      return this.usable(other, options);
    }
  }

  private async usable(experiment: Experiment, options: GetOrCreateOptions): Promise<Experiment> {
    if (experiment.lifecycle_stage !== 'deleted') return experiment;
    if (options.restoreDeleted !== true) {
      throw new MlflowError(
        `The experiment "${experiment.name}" was deleted and its name is still taken: restore it (mlflow experiments restore --experiment-id ${experiment.experiment_id}, or restoreDeleted: true) or choose another name.`,
      );
    }
    await this.restoreExperiment(experiment.experiment_id, options);
    return { ...experiment, lifecycle_stage: 'active' };
  }

  /** POST experiments/search: all pages, one experiment at a time. */
  async *searchExperiments(options: SearchOptions = {}): AsyncGenerator<Experiment, void, undefined> {
    yield* pages(async (token) => {
      const page = await this.http.call(
        endpoints.searchExperiments,
        { ...searchRequest(options, token), view_type: options.viewType ?? 'ACTIVE_ONLY' },
        options,
      );
      return { items: page.experiments ?? [], next: page.next_page_token };
    });
  }

  /** POST experiments/set-experiment-tag. */
  async setExperimentTag(
    experimentId: string,
    key: string,
    value: string,
    options: CallOptions = {},
  ): Promise<void> {
    await this.http.call(
      endpoints.setExperimentTag,
      { experiment_id: experimentId, ...checkTag(key, value) },
      options,
    );
  }

  /** POST experiments/delete: it can be restored. */
  async deleteExperiment(experimentId: string, options: CallOptions = {}): Promise<void> {
    await this.http.call(endpoints.deleteExperiment, { experiment_id: experimentId }, options);
  }

  /** POST experiments/restore. */
  async restoreExperiment(experimentId: string, options: CallOptions = {}): Promise<void> {
    await this.http.call(endpoints.restoreExperiment, { experiment_id: experimentId }, options);
  }

  /** POST runs/create. Not repeated when the answer is lost: `startRun` is the way to make a run exactly once. */
  async createRun(
    run: { experimentId: string; startTime: number; runName?: string; tags?: KeyValue[] },
    options: CallOptions = {},
  ): Promise<RunEntity> {
    const request = {
      experiment_id: run.experimentId,
      start_time: run.startTime,
      tags: run.tags ?? [],
      ...(run.runName === undefined ? {} : { run_name: run.runName }),
    };
    return readRun((await this.http.call(endpoints.createRun, request, options)).run);
  }

  /** POST runs/update. */
  async updateRun(
    runId: string,
    change: { status?: RunStatus; endTime?: number; runName?: string },
    options: CallOptions = {},
  ): Promise<RunInfo> {
    const request = {
      run_id: runId,
      ...(change.status === undefined ? {} : { status: change.status }),
      ...(change.endTime === undefined ? {} : { end_time: change.endTime }),
      ...(change.runName === undefined ? {} : { run_name: change.runName }),
    };
    return (await this.http.call(endpoints.updateRun, request, options)).run_info;
  }

  /** GET runs/get. */
  async getRun(runId: string, options: CallOptions = {}): Promise<RunEntity> {
    return readRun((await this.http.call(endpoints.getRun, { run_id: runId }, options)).run);
  }

  /** POST runs/search: all pages, one run at a time. */
  async *searchRuns(
    experimentIds: string[],
    options: SearchOptions = {},
  ): AsyncGenerator<RunEntity, void, undefined> {
    yield* pages(async (token) => {
      const request = {
        experiment_ids: experimentIds,
        run_view_type: options.viewType ?? 'ACTIVE_ONLY',
        ...searchRequest(options, token),
      };
      const page = await this.http.call(endpoints.searchRuns, request, options);
      return { items: (page.runs ?? []).map(readRun), next: page.next_page_token };
    });
  }

  /** POST runs/delete: it can be restored. */
  async deleteRun(runId: string, options: CallOptions = {}): Promise<void> {
    await this.http.call(endpoints.deleteRun, { run_id: runId }, options);
  }

  /** POST runs/restore. */
  async restoreRun(runId: string, options: CallOptions = {}): Promise<void> {
    await this.http.call(endpoints.restoreRun, { run_id: runId }, options);
  }

  /** POST runs/set-tag. */
  async setTag(runId: string, key: string, value: string, options: CallOptions = {}): Promise<void> {
    await this.http.call(endpoints.setTag, { run_id: runId, ...checkTag(key, value) }, options);
  }

  /** POST runs/log-batch: entries made by `checkMetric`, `checkParam` and `checkTag`, within the server's limits. */
  async logBatch(runId: string, batch: Batch, options: CallOptions = {}): Promise<void> {
    await this.http.call(endpoints.logBatch, { run_id: runId, ...batch }, options);
  }

  /** POST runs/log-inputs. */
  async logInputs(runId: string, datasets: DatasetInput[], options: CallOptions = {}): Promise<void> {
    datasets.forEach(checkDatasetInput);
    await this.http.call(endpoints.logInputs, { run_id: runId, datasets }, options);
  }

  /** POST runs/outputs: names the logged models that a run made. */
  async logOutputs(runId: string, models: ModelOutput[], options: CallOptions = {}): Promise<void> {
    await this.http.call(endpoints.logOutputs, { run_id: runId, models }, options);
  }

  /** GET metrics/get-history: every point of one metric in the order of the server, all pages. */
  async getMetricHistory(
    runId: string,
    key: string,
    options: CallOptions & { pageSize?: number } = {},
  ): Promise<MetricPoint[]> {
    const points = pages(async (token) => {
      const request = {
        run_id: runId,
        metric_key: key,
        max_results: options.pageSize ?? 10_000,
        ...pageToken(token),
      };
      const page = await this.http.call(endpoints.getMetricHistory, request, options);
      return { items: (page.metrics ?? []).map(readMetric), next: page.next_page_token };
    });
    return collect(points);
  }

  /**
   * GET artifacts/list: what lies directly in a folder of a run; also the models that it logged, which MLflow keeps elsewhere, as folders by
   * their names.
   */
  async listArtifacts(runId: string, path?: string, options: CallOptions = {}): Promise<FileInfo[]> {
    const own = await this.listOwnArtifacts(runId, path, options);
    if (path !== undefined && own.length > 0) return own;
    const models = await this.runModels(runId, options);
    if (path === undefined) {
      const names = new Set(models.map(({ info }) => info.name));
      for (const file of own) names.delete(file.path);
      return [...own, ...Array.from(names, (name) => ({ path: name, is_dir: true }))];
    }
    const [name = '', ...rest] = path.split('/');
    const model = models.find(({ info }) => info.name === name);
    if (model === undefined) return [];
    const files = await this.listLoggedModelArtifacts(model.info.model_id, rest.join('/'), options);
    return files.map((file) => ({ ...file, path: `${name}/${file.path}` }));
  }

  private listOwnArtifacts(
    runId: string,
    path: string | undefined,
    options: CallOptions,
  ): Promise<FileInfo[]> {
    const files = pages(async (token) => {
      const request = { run_id: runId, ...(path === undefined ? {} : { path }), ...pageToken(token) };
      const page = await this.http.call(endpoints.listArtifacts, request, options);
      return { items: page.files ?? [], next: page.next_page_token };
    });
    return collect(files);
  }

  /** Puts a file, streamed from disk, among a run's artifacts. */
  async uploadArtifact(
    runId: string,
    path: string,
    file: string,
    options: TransferOptions = {},
  ): Promise<void> {
    await uploadFile(this.http, (await this.getRun(runId, options)).info.artifact_uri, path, file, options);
  }

  /** Puts a file, streamed from disk, below an artifact root such as a run's `artifact_uri`. */
  async uploadTo(root: string, path: string, file: string, options: TransferOptions = {}): Promise<void> {
    await uploadFile(this.http, root, path, file, options);
  }

  /** Puts bytes among a run's artifacts. */
  async uploadBytes(runId: string, path: string, bytes: Buffer, options: CallOptions = {}): Promise<void> {
    await uploadBytes(this.http, (await this.getRun(runId, options)).info.artifact_uri, path, bytes, options);
  }

  /**
   * Downloads an artifact of a run, a file or a folder, below `folder`, and returns its local path. Files are streamed and appear only when
   * complete. Paths into a logged model, such as `model`, work as in Python.
   */
  async downloadArtifacts(
    runId: string,
    path: string,
    folder: string,
    options: TransferOptions = {},
  ): Promise<string> {
    const { artifact_uri: runRoot } = (await this.getRun(runId, options)).info;
    const [first = ''] = path.split('/');
    const top = await this.listOwnArtifacts(runId, undefined, options);
    const model = top.some((file) => file.path === first)
      ? undefined
      : (await this.runModels(runId, options)).find(({ info }) => info.name === first);
    const download = async (file: string, to: string): Promise<void> => {
      const [root, from] =
        model === undefined ? [runRoot, file] : [model.info.artifact_uri, file.slice(first.length + 1)];
      await downloadFile(this.http, root, from, to, options);
    };
    const target = join(folder, basename(path));
    const entries = await this.listArtifacts(runId, path, options);
    if (entries.length === 0) {
      await download(path, target);
      return target;
    }
    await mkdir(target, { recursive: true });
    const walk = async (files: FileInfo[]): Promise<void> => {
      for (const file of files) {
        if (file.is_dir) await walk(await this.listArtifacts(runId, file.path, options));
        else await download(file.path, join(target, file.path.slice(path.length + 1)));
      }
    };
    await walk(entries);
    return target;
  }

  /** The models that a run logged, newest first. */
  async runModels(runId: string, options: CallOptions = {}): Promise<LoggedModel[]> {
    const { info, outputs } = await this.getRun(runId, options);
    if (outputs.model_outputs.length === 0) return [];
    const models = await this.searchLoggedModels([info.experiment_id], {
      ...options,
      filter: `source_run_id = '${runId}'`,
    });
    return models;
  }

  /** POST logged-models. */
  async createLoggedModel(
    model: {
      experimentId: string;
      name: string;
      runId?: string;
      modelType?: string;
      params?: KeyValue[];
      tags?: KeyValue[];
    },
    options: CallOptions = {},
  ): Promise<LoggedModel> {
    const request = {
      experiment_id: model.experimentId,
      name: model.name,
      params: model.params ?? [],
      tags: model.tags ?? [],
      ...(model.runId === undefined ? {} : { source_run_id: model.runId }),
      ...(model.modelType === undefined ? {} : { model_type: model.modelType }),
    };
    return (await this.http.call(endpoints.createLoggedModel, request, options)).model;
  }

  /** GET logged-models/{model_id}. */
  async getLoggedModel(modelId: string, options: CallOptions = {}): Promise<LoggedModel> {
    return (await this.http.call(endpoints.getLoggedModel, { model_id: modelId }, options)).model;
  }

  /** POST logged-models/search: all pages. */
  async searchLoggedModels(
    experimentIds: string[],
    options: CallOptions & { filter?: string } = {},
  ): Promise<LoggedModel[]> {
    const models = pages(async (token) => {
      const request = {
        experiment_ids: experimentIds,
        ...(options.filter === undefined ? {} : { filter: options.filter }),
        ...pageToken(token),
      };
      const page = await this.http.call(endpoints.searchLoggedModels, request, options);
      return { items: page.models ?? [], next: page.next_page_token };
    });
    return collect(models);
  }

  /** PATCH logged-models/{model_id}: says that all files are there, or that they never will be. */
  async finalizeLoggedModel(
    modelId: string,
    status: LoggedModelStatus,
    options: CallOptions = {},
  ): Promise<void> {
    await this.http.call(endpoints.finalizeLoggedModel, { model_id: modelId, status }, options);
  }

  /** GET logged-models/{model_id}/artifacts/directories. */
  async listLoggedModelArtifacts(modelId: string, path = '', options: CallOptions = {}): Promise<FileInfo[]> {
    const files = pages(async (token) => {
      const request = {
        model_id: modelId,
        ...(path === '' ? {} : { artifact_directory_path: path }),
        ...pageToken(token),
      };
      const page = await this.http.call(endpoints.listLoggedModelArtifacts, request, options);
      return { items: page.files ?? [], next: page.next_page_token };
    });
    return collect(files);
  }

  /** POST registered-models/create; one that is there already is as good. */
  async ensureRegisteredModel(name: string, options: CallOptions = {}): Promise<RegisteredModel> {
    try {
      return (await this.http.call(endpoints.createRegisteredModel, { name }, options)).registered_model;
    } catch (error) {
      const there =
        error instanceof MlflowError && (error.code === 'RESOURCE_ALREADY_EXISTS' || error.ambiguous);
      if (!there) throw error;
      return (await this.http.call(endpoints.getRegisteredModel, { name }, options)).registered_model;
    }
  }

  /** POST model-versions/create: a new version of a registered model. */
  async createModelVersion(
    version: { name: string; source: string; runId?: string; modelId?: string; tags?: KeyValue[] },
    options: CallOptions = {},
  ): Promise<ModelVersion> {
    const request = {
      name: version.name,
      source: version.source,
      tags: version.tags ?? [],
      ...(version.runId === undefined ? {} : { run_id: version.runId }),
      ...(version.modelId === undefined ? {} : { model_id: version.modelId }),
    };
    return (await this.http.call(endpoints.createModelVersion, request, options)).model_version;
  }

  /** GET model-versions/search: all pages. */
  async searchModelVersions(filter: string, options: CallOptions = {}): Promise<ModelVersion[]> {
    const versions = pages(async (token) => {
      const page = await this.http.call(
        endpoints.searchModelVersions,
        { filter, ...pageToken(token) },
        options,
      );
      return { items: page.model_versions ?? [], next: page.next_page_token };
    });
    return collect(versions);
  }
}

function searchRequest(options: SearchOptions, token: string | undefined) {
  return {
    max_results: options.pageSize ?? 1000,
    ...(options.filter === undefined ? {} : { filter: options.filter }),
    ...(options.orderBy === undefined ? {} : { order_by: options.orderBy }),
    ...pageToken(token),
  };
}

function pageToken(token: string | undefined): { page_token?: string } {
  return token === undefined ? {} : { page_token: token };
}

async function* pages<T>(
  fetch: (token: string | undefined) => Promise<{ items: T[]; next: string | undefined }>,
): AsyncGenerator<T, void, undefined> {
  let token: string | undefined;
  do {
    const page = await fetch(token);
    yield* page.items;
    token = page.next === '' ? undefined : page.next;
  } while (token !== undefined);
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

function readMetric(metric: MetricEntity): MetricPoint {
  return {
    ...metric,
    value: Number(metric.value),
    timestamp: Number(metric.timestamp),
    step: Number(metric.step ?? 0),
  };
}

function readRun(run: WireRun): RunEntity {
  return {
    info: run.info,
    data: {
      metrics: (run.data?.metrics ?? []).map(readMetric),
      params: run.data?.params ?? [],
      tags: run.data?.tags ?? [],
    },
    inputs: {
      dataset_inputs: run.inputs?.dataset_inputs ?? [],
      model_inputs: run.inputs?.model_inputs ?? [],
    },
    outputs: { model_outputs: run.outputs?.model_outputs ?? [] },
  };
}
