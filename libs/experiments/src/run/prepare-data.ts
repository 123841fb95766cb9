import type { Dataset, DownloadProgress, Split } from '@label-relaxation/data';
import { hashIndices, loadDataset, meanImage, splitDataset } from '@label-relaxation/data';
import { needsScaling } from './calibration';
import type { PerformRunOptions } from './options';
import type { Parameters } from '../parameters/parameters';
import type { PreparedLabels } from './prepare-labels';
import { prepareLabels } from './prepare-labels';
import type { SplitSummary } from './result';

/** A data set, the parts that a run takes of it, what it is taught, and what is subtracted from its pixels. */
export interface PreparedData extends PreparedLabels {
  readonly dataset: Dataset;
  readonly split: Split;
  /** The mean of the training part's pixels / 255, height x width x channels; null where nothing is subtracted. */
  readonly mean: Float32Array | null;
  /** The part that the trained model is scored on, and its example numbers. */
  readonly scored: 'test' | 'validation';
  readonly scoredIndices: Int32Array;
}

/** Loads and splits the data of a run, as the original does: by its seed, its switches and scikit-learn's shuffle. */
export async function prepareData(
  parameters: Parameters,
  { signal, onEvent }: Pick<PerformRunOptions, 'signal' | 'onEvent'> = {},
): Promise<PreparedData> {
  const { dataset_name, data_dir, seed, test_run, subtract_pixel_mean } = parameters;
  const dataset = await loadDataset(dataset_name, {
    ...(data_dir === null ? {} : { dataDir: data_dir }),
    ...(signal ? { signal } : {}),
    onWarning: (message) => onEvent?.({ type: 'warning', message }),
    onProgress: tenths((message) => onEvent?.({ type: 'stage', message })),
  });
  const split = splitDataset({
    size: dataset.size,
    testShare: dataset.testShare,
    seed,
    testRun: test_run,
    tempScaling: needsScaling(parameters),
  });
  return {
    ...(await prepareLabels(parameters, dataset, split)),
    dataset,
    split,
    mean: subtract_pixel_mean ? await meanImage(dataset, split.train) : null,
    scored: split.validation ? 'validation' : 'test',
    scoredIndices: split.validation ?? split.test,
  };
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

/** Tells of a download when it begins and at each tenth of it. */
function tenths(tell: (message: string) => void): (progress: DownloadProgress) => void {
  let last = '';
  return ({ file, address, received, total }) => {
    const tenth = total ? Math.floor((10 * received) / total) * 10 : null;
    const message = `downloading ${file} from ${address}${tenth === null ? '' : `: ${tenth}%`}`;
    if (message !== last) tell(message);
    last = message;
  };
}
