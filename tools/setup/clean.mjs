/**
 * Removes what set-up made: node_modules, .venv, the peers of the benchmark, build outputs, and TensorFlow and MLflow's wheels in the
 * cache, after stopping this checkout's MLflow server. Runs and data sets stay, unless --all is given.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError } from '../../libs/runtime/setup/errors.cjs';
import { cacheFolder, places } from '../../libs/runtime/setup/places.cjs';
import { withLock } from '../../libs/runtime/setup/process/lock.cjs';
import { checkWritable } from '../../libs/runtime/setup/process/writable.cjs';
import { sharedFolder } from './mlflow-wheels.cjs';
import { checkoutPaths } from './paths.cjs';

const flags = process.argv.slice(2);
const unknown = flags.find((flag) => flag !== '--all');
if (unknown !== undefined) {
  console.error(
    `clean: "${unknown}" is no flag of clean: give --all to remove the runs in .mlflow and all downloads too`,
  );
  process.exit(2);
}
const all = flags.includes('--all');
const paths = checkoutPaths();

/** @param {string} folder */
function remove(folder) {
  console.log(`removing ${folder}`);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

/** @returns {string[]} the folders of the workspace's projects */
function projects() {
  const groups = ['libs', 'apps', 'tools'].map((group) => join(paths.top, group));
  const grouped = groups.flatMap((group) => readdirSync(group).map((name) => join(group, name)));
  return [...grouped, join(paths.top, 'libs', 'runtime', 'setup'), join(paths.top, 'docs')];
}

/** Ends this checkout's MLflow server, if it runs. */
function stopServer() {
  const command = join(paths.top, 'tools', 'mlflow', 'mlflow.mjs');
  const { status } = spawnSync(process.execPath, [command, 'stop'], { stdio: 'inherit' });
  if (status !== 0) throw new SetupError('the MLflow server could not be stopped');
}

try {
  checkWritable(paths.top, 'nothing is removed');
  stopServer();
  await withLock(
    paths.lock,
    async () => {
      for (const project of projects()) {
        for (const name of ['dist', 'out-tsc', 'node_modules']) {
          rmSync(join(project, name), { recursive: true, force: true });
        }
      }
      for (const name of ['.nx', '.venv-bench', '.venv-bench-metrics', 'dist', 'coverage'])
        rmSync(join(paths.top, name), { recursive: true, force: true });
      remove(paths.environment);
      remove(paths.modules);
      const others = join(cacheFolder(), 'node'); // Versions of Node that tests run.
      for (const folder of all ? [cacheFolder()] : [places().shared, sharedFolder(), others]) remove(folder);
      if (all) remove(paths.server);
    },
    ({ pid }) => {
      throw new SetupError(`set-up is running in this checkout (process ${pid}): wait for it or stop it`);
    },
  );
  rmSync(join(paths.top, 'tmp'), { recursive: true, force: true });
} catch (error) {
  console.error(error instanceof SetupError ? `clean: ${error.message}` : error);
  process.exitCode = 1;
}
