import { isPath } from '@label-relaxation/data';
import { MissingInput, UsageError } from '../errors';
import type { Parameters } from '../parameters/parameters';
import type { ModuleFlag } from './load-module';
import { moduleDigest } from './load-module';

const digestFlags = { model_name: 'model_sha256', loss_name: 'loss_sha256' } as const;

/** The flags of a run that name modules of the user's own. */
export function moduleFlags(parameters: Pick<Parameters, ModuleFlag>): ModuleFlag[] {
  return (Object.keys(digestFlags) as ModuleFlag[]).filter((flag) => isPath(parameters[flag]));
}

/**
 * A run's parameters with the digests of the user's own modules, so that a change can be noticed. Throws MissingInput
 * where this machine hasn't got them, or with other texts than the digests that were given.
 */
export function withModuleDigests(parameters: Parameters): Parameters {
  const digests = moduleFlags(parameters).map((flag) => {
    const path = parameters[flag];
    const expected = parameters[digestFlags[flag]];
    const digest = digestHere(path, flag, expected !== null);
    if (expected !== null && digest !== expected) {
      throw new MissingInput(
        `${path} has another text than the module that is to be used (--${digestFlags[flag]} ${expected.slice(0, 12)}...): ` +
          `restore it, or leave out --${digestFlags[flag]}`,
      );
    }
    return [digestFlags[flag], digest];
  });
  return { ...parameters, ...Object.fromEntries(digests) };
}

/** Where a digest is expected another machine has the module, and may be asked. */
function digestHere(path: string, flag: ModuleFlag, isElsewhere: boolean): string {
  try {
    return moduleDigest(path, flag);
  } catch (error) {
    throw isElsewhere && error instanceof UsageError ? new MissingInput(error.message) : error;
  }
}
