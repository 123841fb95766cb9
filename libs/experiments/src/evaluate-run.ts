import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseCalibrator, parseConformal } from '@label-relaxation/calibration';
import type { Dataset } from '@label-relaxation/data';
import { tf } from '@label-relaxation/runtime';
import { MlflowClient } from '@label-relaxation/tracking';
import { prepareDataOf, type RunDataOptions } from './data-of-run';
import { calibratorFile, conformalFile, resultFile } from './tracking/artifact-names';
import { fetchLayersModel } from './tracking/export-model';
import { checkFinished } from './tracking/finished-run';
import { readJsonArtifact } from './tracking/json-artifact';
import type { Calibration } from './run/calibration';
import type { RunResult, Scores } from './run/result';
import { labelsOf, scoreCalibrated } from './run/score';
import { scoresOnly } from './run/scores-only';

const chunk = 256;

/** The scores of a tracked run's model, measured again, beside those that the run logged. */
export interface Evaluation
  extends Scores, Pick<RunResult, 'scored' | 'temperature' | 'calibrator' | 'uncalibrated' | 'conformal'> {
  readonly run_id: string;
  readonly tracked: Scores;
}

/**
 * Loads the model that a run logged, as any tfjs program would, and scores it again on the run's own part of the data,
 * after the run's calibrator. Throws a RunError where the run has no model.
 */
export async function evaluateRun(runId: string, options: RunDataOptions = {}): Promise<Evaluation> {
  const client = new MlflowClient(
    options.trackingUri === undefined ? {} : { trackingUri: options.trackingUri },
  );
  const folder = await mkdtemp(join(tmpdir(), 'label-relaxation-evaluate-'));
  try {
    const fetchArtifact = async (path: string) =>
      client.downloadArtifacts(runId, path, folder, options.signal ? { signal: options.signal } : {});
    await checkFinished(client, runId, 'evaluate');
    const tracked = await readJsonArtifact<RunResult>(await fetchArtifact(resultFile), runId);
    const data = await prepareDataOf(runId, fetchArtifact, options);
    const network = await tf.loadLayersModel(`file://${await fetchLayersModel(fetchArtifact)}`);
    const logits = await predict(network, data.dataset, data.scoredIndices);
    network.dispose();
    await data.dataset.close();
    const { dataset, scored, scoredIndices } = data;
    const fitted = await fetchCalibration(tracked, dataset.classes, fetchArtifact);
    const scores = scoreCalibrated(logits, labelsOf(data, scoredIndices), dataset.classes, fitted);
    return { run_id: runId, scored, ...scores, tracked: scoresOnly(tracked) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What a run fitted on its scaling part; of a run that has no calibrator's file, its temperature. */
async function fetchCalibration(
  { calibrator, temperature, conformal }: Partial<RunResult>,
  classes: number,
  fetchArtifact: (path: string) => Promise<string>,
): Promise<Calibration> {
  const read = async (file: string) => readFile(await fetchArtifact(file), 'utf8');
  const ofTemperature = { method: 'temperature', version: 1, classes, examples: 0 } as const;
  return {
    calibrator: calibrator
      ? parseCalibrator(await read(calibratorFile))
      : temperature
        ? { ...ofTemperature, temperature }
        : null,
    choice: null,
    conformal: conformal ? parseConformal(await read(conformalFile)) : null,
  };
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
