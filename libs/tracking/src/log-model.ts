import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { messageOf, MlflowError } from './client/errors';
import { checkParam, checkTag, checkTogether } from './client/validation';
import type { ModelRecord } from './journal/records';
import { artifactPath, filesBelow, type Spool } from './journal/spool';
import { writeMlModel, type ModelDescription } from './models';

export interface LogModelOptions {
  /** Name of the model; the UI shows it as a folder of the run. Default `model`. */
  name?: string;
  /**
   * What tells the model from the others of the run: logged again under the same key, after an interruption say, it stays one model, with the
   * later files. Default: one that no other model has.
   */
  key?: string;
  /** Written as `MLmodel` and what belongs to it; left out if the folder has an `MLmodel` already. */
  description?: ModelDescription;
  /** Step at which the model was made. Default 0. */
  step?: number;
  modelType?: string;
  params?: Record<string, unknown>;
  tags?: Record<string, unknown>;
  /** Also make it a new version of this registered model. */
  registeredModelName?: string;
}

/** A key as MLflow's filters can ask for it, whatever it is made of. */
function keyOf(name: string): string {
  return createHash('sha256').update(name).digest('hex').slice(0, 32);
}

/** Keeps a copy of a model's folder as `copy` in the spool, with its MLmodel file; the event that logs it. */
export async function keepModel(
  spool: Spool,
  copy: string,
  folder: string,
  options: LogModelOptions,
): Promise<ModelRecord> {
  const { name = 'model', description, step = 0, modelType, registeredModelName } = options;
  const key = options.key === undefined ? randomBytes(16).toString('hex') : keyOf(options.key);
  if (artifactPath(name).includes('/') || name.includes(':'))
    throw new MlflowError(`The name "${name}" of a model must have no / and no colon.`);
  const params = checkTogether(options.params ?? {}, checkParam);
  const tags = checkTogether(options.tags ?? {}, checkTag);
  const kept = join(spool.folder, copy);
  const originals = await filesBelow(folder);
  try {
    for (const file of originals) await spool.copy(join(copy, artifactPath(file)), join(folder, file));
    if (description !== undefined) await writeMlModel(kept, description);
  } catch (error) {
    await spool.discard(copy);
    throw new MlflowError(`The model ${name} is lost: ${messageOf(error)}`, { cause: error });
  }
  const files = await filesBelow(kept);
  if (!files.includes('MLmodel'))
    throw new MlflowError(
      `${folder} has no MLmodel file: pass a description, or write one with writeMlModel.`,
    );
  return {
    type: 'model',
    key,
    name,
    spool: copy,
    files,
    step,
    params,
    tags,
    ...(modelType === undefined ? {} : { modelType }),
    ...(registeredModelName === undefined ? {} : { registeredModelName }),
  };
}
