import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reliabilityDiagram, reliabilityDiagramSvg, softmax } from '@label-relaxation/metrics';
import type { Run } from '@label-relaxation/tracking';
import type { Model } from '@label-relaxation/models';
import type { TrainingStep } from '@label-relaxation/training';
import { withSavedWeights } from '@label-relaxation/training';
import { bestModelName, diagramDataFile, diagramFile, modelName, resultFile } from './artifact-names';
import type { CheckpointPlace } from './checkpoint-place';
import { writeModel } from './export-model';
import { modelTypes } from '../parameters/names';
import type { Parameters } from '../parameters/parameters';
import type { PreparedData } from '../run/prepare-data';
import type { RunResult, Scores } from '../run/result';
import { scoreLogits } from '../run/score';

/** A run that is trained and scored, with all that its artifacts are made from. */
export interface ScoredRun {
  readonly parameters: Parameters;
  readonly data: PreparedData;
  readonly model: Model;
  readonly step: TrainingStep;
  readonly place: CheckpointPlace;
  /** Logits and labels of the scored part. */
  readonly logits: Float32Array;
  readonly labels: Uint8Array;
  readonly result: RunResult;
  /** When the last epoch ended, in milliseconds: the time of the scores, so that a run that is scored again logs the same points. */
  readonly trainedAt: number;
}

/** Logs a run's scores, its models, its reliability diagram and its result. */
export async function logScoredRun(run: Run, scored: ScoredRun): Promise<void> {
  const { parameters, data, step, place, logits, labels, result, trainedAt } = scored;
  const { classes } = data.dataset;
  const { accuracy, ece, nll, brier, temperature } = result;
  const time = { timestamp: trainedAt };
  run.logMetrics({ test_accuracy: accuracy, ece, nll, brier }, time);
  if (temperature !== null) {
    run.logMetrics({ temperature, ...unscaled(scoreLogits(logits, labels, classes)) }, time);
    run.logParams({ T: temperature });
  }
  const probabilities = softmax(logits, classes, temperature ?? 1);
  const diagram = reliabilityDiagram(probabilities, labels);
  const title = `${parameters.loss_name}, alpha ${parameters.alpha}: ${parameters.model_name} on ${parameters.dataset_name}`;
  const svg = reliabilityDiagramSvg(diagram, { title, ...(temperature === null ? {} : { temperature }) });
  run.logFigure(svg, diagramFile);
  run.logJson(diagram, diagramDataFile);
  run.logJson(result, resultFile);
  await logNetwork(run, scored, modelName);
  if (parameters.model_checkpoints) {
    await withSavedWeights(place.bestFile, step, () => logNetwork(run, scored, bestModelName));
  }
}

function unscaled(scores: Scores): Record<string, number> {
  return Object.fromEntries(
    Object.entries(scores).map(([name, value]) => [`${name}_unscaled`, value as number]),
  );
}

async function logNetwork(run: Run, scored: ScoredRun, name: string): Promise<void> {
  const { data, model, parameters, result } = scored;
  const folder = await mkdtemp(join(tmpdir(), 'label-relaxation-model-'));
  try {
    const description = await writeModel(folder, model, { mean: data.mean, temperature: result.temperature });
    const params = { model_type: modelTypes[parameters.model_name], dataset_name: parameters.dataset_name };
    await run.logModel(folder, {
      name,
      key: name,
      step: parameters.epochs - 1,
      description,
      modelType: 'classifier',
      params,
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
