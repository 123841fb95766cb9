const { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { SetupError } = require('../../libs/runtime/setup/errors.cjs');
const { processIdentity } = require('../../libs/runtime/setup/process/identity.cjs');
const { withLock } = require('../../libs/runtime/setup/process/lock.cjs');
const { checkWritable } = require('../../libs/runtime/setup/process/writable.cjs');
const { checkoutPaths } = require('../setup/paths.cjs');
const { answersHealth, becomesReady, endGroup, endOfLog, launch } = require('./launch.cjs');
const { tryPort } = require('./port.cjs');

const usualPort = 5000;
const lastPort = 5099;

/**
 * @typedef {{ pid: number, identity: string, port: number, uri: string, startedAt: string }} Server
 * @typedef {{ directory: string, record: string, log: string, lock: string }} Place
 */

/** @returns {Place} */
function placeIn(directory = checkoutPaths().server) {
  return {
    directory,
    record: join(directory, 'server.json'),
    log: join(directory, 'server.log'),
    lock: join(directory, 'server.lock'),
  };
}

/**
 * The server that this checkout started and that still runs, whether or not it answers.
 *
 * @param {Place} place
 * @returns {Server | null}
 */
function runningServer(place) {
  try {
    const server = JSON.parse(readFileSync(place.record, 'utf8'));
    return processIdentity(server.pid) === server.identity ? server : null;
  } catch {
    return null;
  }
}

/**
 * Throws a SetupError if a server could keep no runs there.
 *
 * @param {Place} place
 */
function checkPlace({ directory }) {
  checkWritable(directory, 'name another server by MLFLOW_TRACKING_URI, or train with --offline');
}

/** @param {Place} place @param {Server} server */
function writeRecord(place, server) {
  const draft = `${place.record}.part`;
  writeFileSync(draft, `${JSON.stringify(server, null, 2)}\n`);
  renameSync(draft, place.record);
}

/**
 * The checkout's own server, started on the first free port from 5000 on unless it runs already. It goes on running
 * after this process has ended.
 *
 * @param {{ directory?: string, firstPort?: number, patience?: number, say?: (line: string) => void }} [options]
 *   milliseconds to wait for a server that runs and does not answer, before another takes its place; who is told that
 *   there is something to wait for
 * @returns {Promise<Server & { started: boolean }>}
 */
async function ensureServer({ directory, firstPort = usualPort, patience, say = () => undefined } = {}) {
  const place = placeIn(directory);
  const current = runningServer(place);
  if (current !== null && (await answersHealth(current.uri))) return { ...current, started: false };
  checkPlace(place);
  say('Starting the MLflow server, which may take half a minute');
  return withLock(place.lock, async () => {
    const other = runningServer(place);
    if (other !== null) {
      if (await becomesReady(other.pid, other.port, patience)) return { ...other, started: false };
      await endGroup(other.pid);
    }
    return { ...(await start(place, firstPort)), started: true };
  });
}

/**
 * Says why a server is not where people look for it.
 *
 * @param {number} port
 */
function portWords(port) {
  return port === usualPort ? '' : `; port ${usualPort} was taken`;
}

/** @param {Place} place @param {number} from @returns {Promise<Server>} */
async function start(place, from) {
  mkdirSync(place.directory, { recursive: true });
  for (let port = from; port <= Math.max(lastPort, from + 99); port++) {
    if ((await tryPort(port)) === null) continue;
    writeFileSync(place.log, '');
    const pid = launch({ directory: place.directory, port, log: place.log });
    const server = {
      pid,
      identity: processIdentity(pid) ?? '',
      port,
      uri: `http://127.0.0.1:${port}`,
      startedAt: new Date().toISOString(),
    };
    writeRecord(place, server);
    if (await becomesReady(pid, port)) return server;
    await endGroup(pid, 'SIGKILL');
    rmSync(place.record, { force: true });
    if (/address already in use/i.test(endOfLog(place.log))) continue;
    throw new SetupError(`the MLflow server did not start (its log: ${place.log}):\n${endOfLog(place.log)}`);
  }
  throw new SetupError(`no port from ${from} to ${lastPort} is free for the MLflow server`);
}

/**
 * Ends the checkout's own server, and nothing else.
 *
 * @param {{ directory?: string }} [options]
 * @returns {Promise<Server | null>} the server that was stopped
 */
async function stopServer(options = {}) {
  const place = placeIn(options.directory);
  if (runningServer(place) === null) {
    rmSync(place.record, { force: true });
    return null;
  }
  return withLock(place.lock, async () => {
    const server = runningServer(place);
    if (server !== null) await endGroup(server.pid);
    rmSync(place.record, { force: true });
    return server;
  });
}

/**
 * @param {{ directory?: string }} [options]
 * @returns {Promise<{ server: Server, answers: boolean } | null>} null if no server of this checkout runs
 */
async function serverStatus(options = {}) {
  const server = runningServer(placeIn(options.directory));
  return server === null ? null : { server, answers: await answersHealth(server.uri) };
}

module.exports = {
  usualPort,
  portWords,
  placeIn,
  checkPlace,
  runningServer,
  writeRecord,
  ensureServer,
  stopServer,
  serverStatus,
};
