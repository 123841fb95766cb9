import type { Batch } from '../batches';
import { endpoints } from '../endpoints';
import type { CallOptions } from '../http';
import { collect, pages } from '../pages';
import type {
  DatasetInput,
  KeyValue,
  MetricEntity,
  MetricPoint,
  ModelOutput,
  RunEntity,
  RunInfo,
  RunStatus,
  WireRun,
} from '../types';
import { checkDatasetInput, checkTag } from '../validation';
import { ExperimentCalls, searchRequest, type SearchOptions } from './experiments';

/** The calls about runs and what is logged to them, but for artifacts. */
export class RunCalls extends ExperimentCalls {
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
    const request = {
      experiment_ids: experimentIds,
      run_view_type: options.viewType ?? 'ACTIVE_ONLY',
      ...searchRequest(options),
    };
    yield* pages(this.http, endpoints.searchRuns, request, ({ runs }) => runs?.map(readRun), options);
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
    const request = { run_id: runId, metric_key: key, max_results: options.pageSize ?? 10_000 };
    return collect(
      pages(
        this.http,
        endpoints.getMetricHistory,
        request,
        ({ metrics }) => metrics?.map(readMetric),
        options,
      ),
    );
  }
}

/** MLflow keeps an infinity as the largest number that its database can hold; Python's client gives that number back. */
function readValue(value: MetricEntity['value']): number {
  const number = Number(value);
  return Math.abs(number) === Number.MAX_VALUE ? Math.sign(number) * Infinity : number;
}

function readMetric(metric: MetricEntity): MetricPoint {
  return {
    ...metric,
    value: readValue(metric.value),
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
