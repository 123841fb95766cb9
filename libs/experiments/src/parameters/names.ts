import { basename, extname, resolve } from 'node:path';
import { isPath } from '@label-relaxation/data';
import { MODEL_TYPES, type ModelName } from '@label-relaxation/models/declarations';

/** The networks by the names of the command line, with the names that the paper's files and MLflow runs use. */
export const modelTypes = MODEL_TYPES;

/** A network's name on the command line, or the path of a module of the user's own. */
export type ModelFlag = ModelName | (string & {});

/** What a module of the user's own is called: its file's name without ending. */
export function moduleName(path: string): string {
  return basename(path, extname(path));
}

/** A network's name in hyper-parameter files and MLflow params. */
export function modelTypeOf(model: ModelFlag): string {
  return Object.hasOwn(modelTypes, model) ? modelTypes[model as ModelName] : moduleName(model);
}

/** A network, loss or data set in print: of a path, the name of its file without ending, or of its folder. */
export function titleOf(name: string): string {
  if (!isPath(name)) return name;
  return /\.(?:[cm]?[jt]s|csv|npz|npy|parquet)$/iu.test(name) ? moduleName(name) : basename(resolve(name));
}
