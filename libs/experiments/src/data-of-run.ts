import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isPath } from '@label-relaxation/data';
import { MlflowClient } from '@label-relaxation/tracking';
import { resolveParameters } from './parameters/hyperparameters';
import type { GivenParameters } from './parameters/parameters';
import type { PerformRunOptions } from './run/options';
import type { PreparedData } from './run/prepare-data';
import { prepareData } from './run/prepare-data';
import { configurationFile } from './tracking/artifact-names';
import { readJsonArtifact } from './tracking/json-artifact';

/** Where the server is and, where the data has moved, the folder that it is in now. */
export interface RunDataOptions extends Pick<PerformRunOptions, 'signal' | 'onEvent'> {
  readonly trackingUri?: string;
  readonly dataDir?: string;
}

/** The data of a tracked run, loaded and split as the run did; whoever asked for it closes it. */
export async function dataOfRun(runId: string, options: RunDataOptions = {}): Promise<PreparedData> {
  const { trackingUri, signal } = options;
  const client = new MlflowClient(trackingUri === undefined ? {} : { trackingUri });
  const folder = await mkdtemp(join(tmpdir(), 'label-relaxation-data-'));
  try {
    return await prepareDataOf(
      runId,
      (path) => client.downloadArtifacts(runId, path, folder, signal ? { signal } : {}),
      options,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The same by a function that gives the run's artifacts a place on this machine. */
export async function prepareDataOf(
  runId: string,
  fetchArtifact: (path: string) => Promise<string>,
  options: RunDataOptions,
): Promise<PreparedData> {
  const configuration = await readJsonArtifact<GivenParameters>(
    await fetchArtifact(configurationFile),
    runId,
  );
  const moved = options.dataDir === undefined ? {} : { data_dir: options.dataDir };
  const { parameters } = resolveParameters({ ...withoutModules(configuration), ...moved });
  return prepareData({ ...parameters, ...moved }, options);
}

/** A run's flags without the user's own network and loss: the data do not depend on them, and their files may be gone. */
function withoutModules(configuration: GivenParameters): GivenParameters {
  const { model_name = '', loss_name = '' } = configuration;
  return {
    ...configuration,
    ...(isPath(model_name) ? { model_name: 'simple_dense' } : {}),
    // It takes labels of every kind.
    ...(isPath(loss_name) ? { loss_name: 'credal', alpha: 0 } : {}),
  };
}
