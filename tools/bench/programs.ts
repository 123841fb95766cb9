import { join } from 'node:path';
import type { Program } from './contender';
import { peersFolder } from './peers-environment';

/** The interpreter that set-up gave MLflow. */
export const mlflowPython = join(__dirname, '..', '..', '.venv', 'bin', 'python');

/** One of our own scripts, run as the apps are run: by this Node with this process's own options. */
export function ourProgram(script: string, ...args: string[]): Program {
  return { file: process.execPath, args: [...process.execArgv, join(__dirname, 'ours', script), ...args] };
}

/**
 * The peers' environment: Python leaves no compiled files in the checkout, and TensorFlow, which takes oneDNN's kernels
 * by itself only on newer processors, gets them everywhere, as we do.
 */
export const peerEnvironment = { PYTHONDONTWRITEBYTECODE: '1', TF_ENABLE_ONEDNN_OPTS: '1' };

/** One of the peers' scripts. */
export function peerProgram(python: string, script: string, ...args: string[]): Program {
  return { file: python, args: [join(peersFolder, script), ...args], environment: peerEnvironment };
}
