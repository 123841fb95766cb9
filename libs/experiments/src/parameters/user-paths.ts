import { isAbsolute, relative, resolve, sep } from 'node:path';
import { isPath } from '@label-relaxation/data';
import { isNoiseFile } from './label-flags';
import type { GivenParameters, ParameterName } from './parameters';

/** Names the folder that the user's paths are relative to, where that is not the working directory. */
export const folderVariable = 'LABEL_RELAXATION_FOLDER';

/** Whether a flag's text is a path. */
const arePaths: Partial<Record<ParameterName, (text: string) => boolean>> = {
  model_name: isPath,
  dataset_name: isPath,
  loss_name: isPath,
  init_from: isPath,
  data_dir: () => true,
  to: () => true,
  labels: () => true,
  noise: isNoiseFile,
};

/**
 * Flags with the user's paths as this process finds them: npm starts a command in the checkout, wherever the user is,
 * and `LABEL_RELAXATION_FOLDER` then says where.
 */
export function withUserPaths(given: GivenParameters): GivenParameters {
  const entries = Object.entries(given).map(([name, value]) => {
    const isOne = typeof value === 'string' && arePaths[name as ParameterName]?.(value);
    return [name, isOne ? userPath(value) : value];
  });
  return Object.fromEntries(entries) as GivenParameters;
}

/** A path of the user's as this process finds it. */
export function userPath(path: string): string {
  const folder = process.env[folderVariable];
  if (!folder || isAbsolute(path) || resolve(folder) === process.cwd()) return path;
  const way = relative(process.cwd(), resolve(folder, path));
  return way.startsWith('..') ? way : `.${sep}${way}`;
}
