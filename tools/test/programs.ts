import { which } from '../setup/requirements.cjs';

/** Set where every service must be there, so that no test is skipped for want of one. */
export const requiredVariable = 'LABEL_RELAXATION_ALL_SERVICES';

/**
 * Debian's redis-server, or null where it is not installed: skip what needs it then.
 *
 * @throws Error instead, if LABEL_RELAXATION_ALL_SERVICES is set
 */
export function redisPath(): string | null {
  return find(['redis-server'], 'redis-server');
}

/**
 * A Chromium or Chrome for playwright-core, or null where none is installed: skip what needs it then.
 *
 * @throws Error instead, if LABEL_RELAXATION_ALL_SERVICES is set
 */
export function chromiumPath(): string | null {
  return find(['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'], 'chromium');
}

function find(names: readonly string[], debianPackage: string): string | null {
  for (const name of names) {
    const file = which(name);
    if (file !== null) return file;
  }
  if (process.env[requiredVariable]) {
    throw new Error(`${names[0]} is missing: install it with sudo apt-get install -y ${debianPackage}`);
  }
  return null;
}
