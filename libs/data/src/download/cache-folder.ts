import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';

/**
 * The folder that downloads are kept in: LABEL_RELAXATION_CACHE, else `label-relaxation` in XDG_CACHE_HOME (which
 * counts only if it is absolute), else `~/.cache/label-relaxation`.
 */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const { LABEL_RELAXATION_CACHE: own, XDG_CACHE_HOME: shared } = environment;
  if (own) {
    return resolve(own);
  }
  return join(shared && isAbsolute(shared) ? shared : join(homedir(), '.cache'), 'label-relaxation');
}
