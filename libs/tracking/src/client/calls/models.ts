import { endpoints } from '../endpoints';
import { MlflowError } from '../errors';
import type { CallOptions } from '../http';
import { collect, pages } from '../pages';
import type {
  FileInfo,
  KeyValue,
  LoggedModel,
  LoggedModelStatus,
  ModelVersion,
  RegisteredModel,
} from '../types';
import { RunCalls } from './runs';

/** The calls about logged and registered models. */
export class ModelCalls extends RunCalls {
  /** The models that a run logged, newest first. */
  async runModels(runId: string, options: CallOptions = {}): Promise<LoggedModel[]> {
    const { info, outputs } = await this.getRun(runId, options);
    if (outputs.model_outputs.length === 0) return [];
    return this.searchLoggedModels([info.experiment_id], {
      ...options,
      filter: `source_run_id = '${runId}'`,
    });
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
    const request = {
      experiment_ids: experimentIds,
      ...(options.filter === undefined ? {} : { filter: options.filter }),
    };
    return collect(pages(this.http, endpoints.searchLoggedModels, request, ({ models }) => models, options));
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
    const request = { model_id: modelId, ...(path === '' ? {} : { artifact_directory_path: path }) };
    return collect(
      pages(this.http, endpoints.listLoggedModelArtifacts, request, ({ files }) => files, options),
    );
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
    return collect(
      pages(
        this.http,
        endpoints.searchModelVersions,
        { filter },
        ({ model_versions }) => model_versions,
        options,
      ),
    );
  }
}
