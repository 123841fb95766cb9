import type { Connection } from '../connection';
import { endpoints } from '../endpoints';
import { MlflowError } from '../errors';
import type { CallOptions, Http } from '../http';
import { pages } from '../pages';
import type { Experiment, ViewType } from '../types';
import { checkExperimentName, checkTag } from '../validation';

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
  restoreDeletedExperiment?: boolean;
}

/** The calls about experiments. */
export class ExperimentCalls {
  constructor(protected readonly http: Http) {}

  /** How the server is reached. */
  get connection(): Connection {
    return this.http.connection;
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
    if (options.restoreDeletedExperiment !== true) throw this.deleted(experiment);
    await this.restoreExperiment(experiment.experiment_id, options);
    return { ...experiment, lifecycle_stage: 'active' };
  }

  private deleted({ name, experiment_id: id }: Experiment): MlflowError {
    const command = `MLFLOW_TRACKING_URI=${this.connection.trackingUri} python -m mlflow experiments restore --experiment-id ${id}`;
    return new MlflowError(
      `The experiment "${name}" was deleted and its name is still taken: choose another name, or restore it with restoreDeletedExperiment: true or, by a Python that has MLflow, with "${command}".`,
    );
  }

  /** POST experiments/search: all pages, one experiment at a time. */
  async *searchExperiments(options: SearchOptions = {}): AsyncGenerator<Experiment, void, undefined> {
    const request = { ...searchRequest(options), view_type: options.viewType ?? 'ACTIVE_ONLY' };
    yield* pages(this.http, endpoints.searchExperiments, request, ({ experiments }) => experiments, options);
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
}

/** The fields that every search sends. */
export function searchRequest({ filter, orderBy, pageSize = 1000 }: SearchOptions) {
  return {
    max_results: pageSize,
    ...(filter === undefined ? {} : { filter }),
    ...(orderBy === undefined ? {} : { order_by: orderBy }),
  };
}
