import type { Dataset } from '../src/dataset';
import type { LoadOptions } from '../src/load';
import { loadDataset } from '../src/load';
import { newFolder } from './folders';

/** A dataset with what loading it told. */
export interface Loaded {
  readonly dataset: Dataset;
  readonly warnings: readonly string[];
  readonly stages: readonly string[];
}

/** Loads a dataset of one's own with a cache of its own. */
export async function load(path: string, options: LoadOptions = {}): Promise<Loaded> {
  const warnings: string[] = [];
  const stages: string[] = [];
  const dataset = await loadDataset(path, {
    cacheDir: newFolder(),
    onWarning: (message) => warnings.push(message),
    onStage: (message) => stages.push(message),
    ...options,
  });
  return { dataset, warnings, stages };
}

/** The inputs of all examples, wherever they are. */
export async function inputsOf({ size, read }: Dataset): Promise<number[]> {
  return [...(await read(Int32Array.from({ length: size }, (_, i) => i)))];
}

/** The line that loading ends with, the folder taken out of it. */
export async function failure(path: string, options: LoadOptions = {}, folder = path): Promise<string> {
  const error: unknown = await load(path, options).then(
    () => 'it was loaded',
    (reason: unknown) => reason,
  );
  const { name, message } = error as Error;
  expect(name).toBe('DataError');
  expect(message).not.toContain('\n');
  return message.replaceAll(folder, '.');
}
