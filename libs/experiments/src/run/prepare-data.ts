import type { Dataset, Split } from '@label-relaxation/data';
import { hashIndices, isPath, splitDataset } from '@label-relaxation/data';
import { UsageError } from '../errors';
import type { Parameters } from '../parameters/parameters';
import { needsScaling } from './calibration';
import { loadData } from './load-data';
import type { Normalisation } from './normalisation';
import { normalisationOf } from './normalisation';
import type { PerformRunOptions } from './options';
import type { PreparedLabels } from './prepare-labels';
import { prepareLabels } from './prepare-labels';
import type { SplitSummary } from './result';

/** A data set, the parts that a run takes of it, what it is taught, and how its inputs are normalised. */
export interface PreparedData extends PreparedLabels {
  readonly dataset: Dataset;
  readonly split: Split;
  readonly normalisation: Normalisation;
  /** The part that the trained model is scored on, and its example numbers. */
  readonly scored: 'test' | 'validation';
  readonly scoredIndices: Int32Array;
}

/** Loads and splits the data of a run, as the original does: by its seed, its switches and scikit-learn's shuffle. */
export async function prepareData(
  parameters: Parameters,
  options: Pick<PerformRunOptions, 'signal' | 'onEvent'> = {},
): Promise<PreparedData> {
  const dataset = await loadData(parameters, options);
  try {
    const split = splitData(parameters, dataset);
    return {
      ...(await prepareLabels(parameters, dataset, split)),
      dataset,
      split,
      normalisation: await normalisationOf(dataset, split.train, parameters.subtract_pixel_mean),
      scored: split.validation ? 'validation' : 'test',
      scoredIndices: split.validation ?? split.test,
    };
  } catch (error) {
    await dataset.close();
    throw error;
  }
}

function splitData(parameters: Parameters, dataset: Dataset): Split {
  const { dataset_name, seed, test_run, split, test_share, stratify } = parameters;
  const hasParts = dataset.parts.train < dataset.size;
  const keepParts = split === null ? isPath(dataset_name) && hasParts : split === 'own';
  if (keepParts && dataset.parts.test > 0 && test_share !== null) {
    throw new UsageError(
      `--test_share holds out a test part, and ${dataset_name} has one of its own: ` +
        'leave it out, or give --split study, too',
    );
  }
  return splitDataset({
    ...dataset,
    testShare: test_share ?? dataset.testShare,
    seed,
    testRun: test_run,
    tempScaling: needsScaling(parameters),
    keepParts,
    stratify: stratify ?? false,
  });
}

/** Size and SHA-256 of each part of a split; null for a part that the run doesn't have. */
export function summariseSplit(split: Split): SplitSummary {
  const part = (indices: Int32Array) => ({ size: indices.length, sha256: hashIndices(indices) });
  return {
    train: part(split.train),
    validation: split.validation && part(split.validation),
    scaling: split.scaling && part(split.scaling),
    test: part(split.test),
  };
}
