import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Dataset } from '@label-relaxation/data';
import { tf } from '@label-relaxation/runtime';
import { MlflowClient } from '@label-relaxation/tracking';
import { configurationFile, modelName, resultFile } from './tracking/artifact-names';
import { RunError } from './errors';
import { layersModelFile } from './tracking/export-model';
import type { PerformRunOptions } from './run/options';
import { resolveParameters } from './parameters/hyperparameters';
import type { GivenParameters } from './parameters/parameters';
import { prepareData } from './run/prepare-data';
import type { RunResult, Scores } from './run/result';
import { labelsOf, scoreLogits } from './run/score';

const chunk = 256;

/** The scores of a tracked run's model, measured again, beside those that the run logged. */
export interface Evaluation extends Scores {
  readonly run_id: string;
  readonly scored: 'test' | 'validation';
  readonly temperature: number | null;
  readonly tracked: Scores;
}

/** What evaluating takes: where the server is and, where the data has moved, the folder that it is in now. */
export interface EvaluateOptions extends Pick<PerformRunOptions, 'signal' | 'onEvent'> {
  readonly trackingUri?: string;
  readonly dataDir?: string;
}

/**
 * Loads the model that a run logged, as any tfjs program would, and scores it again on the run's own part of the data,
 * at the run's temperature. Throws a RunError where the run has no model.
 */
export async function evaluateRun(runId: string, options: EvaluateOptions = {}): Promise<Evaluation> {
  const client = new MlflowClient(
    options.trackingUri === undefined ? {} : { trackingUri: options.trackingUri },
  );
  const folder = await mkdtemp(join(tmpdir(), 'label-relaxation-evaluate-'));
  try {
    const fetchArtifact = async (path: string) =>
      client.downloadArtifacts(runId, path, folder, options.signal ? { signal: options.signal } : {});
    const { status } = (await client.getRun(runId)).info;
    if (status !== 'FINISHED') {
      throw new RunError(`run ${runId} is ${status}: only a finished run has a model to evaluate`);
    }
    const configuration: GivenParameters = JSON.parse(
      await readFile(await fetchArtifact(configurationFile), 'utf8'),
    );
    const { parameters } = resolveParameters({
      ...configuration,
      ...(options.dataDir === undefined ? {} : { data_dir: options.dataDir }),
    });
    const tracked: RunResult = JSON.parse(await readFile(await fetchArtifact(resultFile), 'utf8'));
    const data = await prepareData(
      { ...parameters, data_dir: options.dataDir ?? parameters.data_dir },
      options,
    );
    const network = await tf.loadLayersModel(
      `file://${join(await fetchArtifact(modelName), layersModelFile)}`,
    );
    const logits = await predict(network, data.dataset, data.scoredIndices);
    network.dispose();
    const { dataset, scored, scoredIndices } = data;
    const scores = scoreLogits(
      logits,
      labelsOf(dataset, scoredIndices),
      dataset.classes,
      tracked.temperature ?? 1,
    );
    const { accuracy, ece, nll, brier, temperature } = tracked;
    return { run_id: runId, scored, temperature, ...scores, tracked: { accuracy, ece, nll, brier } };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function predict(
  network: tf.LayersModel,
  dataset: Dataset,
  indices: Int32Array,
): Promise<Float32Array> {
  const logits = new Float32Array(indices.length * dataset.classes);
  for (let start = 0; start < indices.length; start += chunk) {
    const part = indices.subarray(start, start + chunk);
    const inputs = Float32Array.from(await dataset.read(part));
    const values = tf.tidy(() =>
      (network.predict(tf.tensor(inputs, [part.length, ...dataset.shape])) as tf.Tensor).dataSync(),
    );
    logits.set(values, start * dataset.classes);
  }
  return logits;
}
