import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { checkoutPaths, root } from '../setup/paths.cjs';
import { which } from '../../libs/runtime/setup/requirements.cjs';

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

/** The checkout's own Python, which has MLflow and ONNX Runtime. */
export const mlflowPython: string = checkoutPaths().python;

/**
 * A Python that has both MLflow and TensorFlow: LABEL_RELAXATION_PYTHON, that of the checkout, or the machine's; null
 * where none has: skip what needs it then.
 */
export function pythonWithTensorFlow(): string | null {
  const find =
    'import importlib.util as u, sys; sys.exit(not (u.find_spec("mlflow") and u.find_spec("tensorflow")))';
  for (const candidate of [
    process.env['LABEL_RELAXATION_PYTHON'],
    join(root, '.venv/bin/python'),
    'python3',
  ]) {
    if (candidate === undefined) continue;
    try {
      execFileSync(candidate, ['-c', find], { stdio: 'ignore' });
      return candidate;
    } catch {
      // It is not there, or has not both.
    }
  }
  return null;
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
