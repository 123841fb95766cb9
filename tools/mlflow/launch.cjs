const { spawn } = require('node:child_process');
const { closeSync, existsSync, openSync, readFileSync } = require('node:fs');
const { setTimeout: sleep } = require('node:timers/promises');
const { SetupError } = require('../../libs/runtime/setup/errors.cjs');
const { processIdentity } = require('../../libs/runtime/setup/process/identity.cjs');
const { checkoutPaths } = require('../setup/paths.cjs');
const { listens, processesOf } = require('./port.cjs');

/** How long a server may take to answer; it needs about five seconds on an idle machine. */
const patience = 120_000;

/**
 * Python and its arguments for a server on 127.0.0.1 whose database and artifacts lie in its working folder.
 *
 * @param {number} port
 * @param {readonly string[]} [extra]
 */
function serverCommand(port, extra = []) {
  const { python } = checkoutPaths();
  if (!existsSync(python)) {
    throw new SetupError('MLflow is not installed in .venv: run node tools/setup/setup.mjs');
  }
  return {
    file: python,
    args: [
      ...['-m', 'mlflow', 'server', '--backend-store-uri', 'sqlite:///mlflow.db'],
      ...['--artifacts-destination', './artifacts', '--host', '127.0.0.1', '--port', String(port)],
      ...['--workers', '1', ...extra],
    ],
  };
}

/** The names by which a server of this machine is asked: MLflow would also take those of private networks. */
const hosts = ['localhost', '127.0.0.1', '[::1]'].flatMap((host) => [host, `${host.replace('[', '[[]')}:*`]);

/**
 * The server's environment: no telemetry, no job runners, this machine's names alone, and none of the client's settings. Python keeps what it compiles,
 * which makes every start but the first one several times as quick.
 *
 * @param {NodeJS.ProcessEnv} [extra]
 * @returns {NodeJS.ProcessEnv}
 */
function serverEnvironment(extra = {}) {
  const own = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('MLFLOW_') && name !== 'PYTHONDONTWRITEBYTECODE',
  );
  return {
    ...Object.fromEntries(own),
    MLFLOW_DISABLE_TELEMETRY: 'true',
    DO_NOT_TRACK: 'true',
    MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false',
    MLFLOW_SERVER_ALLOWED_HOSTS: hosts.join(','),
    ...extra,
  };
}

/**
 * Starts a server in a process group of its own, which its number names.
 *
 * @param {{ directory: string, port: number, log: string, args?: readonly string[], environment?: NodeJS.ProcessEnv }} options
 * @returns {number} the process number
 */
function launch({ directory, port, log, args, environment }) {
  const command = serverCommand(port, args);
  const output = openSync(log, 'a');
  try {
    const child = spawn(command.file, command.args, {
      cwd: directory,
      env: serverEnvironment(environment),
      stdio: ['ignore', output, output],
      detached: true,
    });
    child.on('error', () => undefined);
    child.unref();
    if (child.pid === undefined) throw new SetupError(`${command.file} could not be started`);
    return child.pid;
  } finally {
    closeSync(output);
  }
}

/** @param {string} uri */
async function answersHealth(uri) {
  try {
    const response = await fetch(`${uri}/health`, { signal: AbortSignal.timeout(5_000) });
    return response.status === 200 && (await response.text()) === 'OK';
  } catch {
    return false;
  }
}

/**
 * Waits until the server answers. Another program may answer at the port, so the port has to be this server's.
 *
 * @param {number} pid
 * @param {number} port
 * @returns {Promise<boolean>} false if the server ended, or did not answer in time
 */
async function becomesReady(pid, port, milliseconds = patience) {
  const end = Date.now() + milliseconds;
  while (Date.now() < end && processIdentity(pid) !== null) {
    if (listens(pid, port) && (await answersHealth(`http://127.0.0.1:${port}`))) return true;
    await sleep(100);
  }
  return false;
}

/**
 * Ends a server's whole process group: asks first, and after ten seconds no longer.
 *
 * @param {number} pid
 * @param {NodeJS.Signals} [signal]
 */
async function endGroup(pid, signal = 'SIGTERM') {
  for (const [next, milliseconds] of /** @type {const} */ ([
    [signal, 10_000],
    ['SIGKILL', 10_000],
  ])) {
    const end = Date.now() + milliseconds;
    if (!sendToGroup(pid, next)) return;
    while (Date.now() < end) {
      if (!sendToGroup(pid, 0)) return;
      await sleep(50);
    }
  }
}

/**
 * @param {number} pid
 * @param {NodeJS.Signals | 0} signal
 * @returns {boolean} whether the group has a living process
 */
function sendToGroup(pid, signal) {
  try {
    process.kill(-pid, signal);
  } catch {
    return false;
  }
  return signal !== 0 || process.platform !== 'linux' || processesOf(pid).length > 0;
}

/** @param {string} log @returns {string} the last lines of a log file */
function endOfLog(log) {
  try {
    return readFileSync(log, 'utf8').trimEnd().split('\n').slice(-8).join('\n');
  } catch {
    return '';
  }
}

module.exports = {
  serverCommand,
  serverEnvironment,
  launch,
  answersHealth,
  becomesReady,
  endGroup,
  endOfLog,
};
