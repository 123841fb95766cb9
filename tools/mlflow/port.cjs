const { readFileSync, readdirSync, readlinkSync } = require('node:fs');
const { createServer } = require('node:net');
const { join } = require('node:path');

/**
 * @param {number} port 0 for any
 * @returns {Promise<number | null>} the port if a server could take it on 127.0.0.1, else null
 */
function tryPort(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen({ port, host: '127.0.0.1' }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : null));
    });
  });
}

/** @returns {Promise<number>} some free port on 127.0.0.1 */
async function freePort() {
  const port = await tryPort(0);
  if (port === null) throw new Error('no port is free on 127.0.0.1');
  return port;
}

/**
 * Whether the port is held by a process of the group `group`. Where the system does not say (no /proc), true.
 *
 * @param {number} group
 * @param {number} port
 */
function listens(group, port) {
  if (process.platform !== 'linux') return true;
  const sockets = listeningSockets(port);
  return (
    sockets.size > 0 && processesOf(group).some((pid) => openFiles(pid).some((file) => sockets.has(file)))
  );
}

/** @param {number} port @returns {Set<string>} as they appear among a process's open files */
function listeningSockets(port) {
  const lines = readFileSync('/proc/net/tcp', 'utf8').split('\n').slice(1);
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const fields = lines.map((line) => line.trim().split(/\s+/));
  return new Set(
    fields
      .filter(([, local, , state]) => local?.endsWith(wanted) && state === '0A')
      .map((line) => `socket:[${line[9]}]`),
  );
}

/** @param {number} group @returns {string[]} the numbers of its living processes */
function processesOf(group) {
  return readdirSync('/proc').filter((name) => {
    try {
      const stat = readFileSync(join('/proc', name, 'stat'), 'utf8');
      const [state, , own] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return Number(own) === group && state !== 'Z';
    } catch {
      return false;
    }
  });
}

/** @param {string} pid */
function openFiles(pid) {
  const folder = join('/proc', pid, 'fd');
  try {
    return readdirSync(folder).map((name) => {
      try {
        return readlinkSync(join(folder, name));
      } catch {
        return '';
      }
    });
  } catch {
    return [];
  }
}

module.exports = { tryPort, freePort, listens, processesOf };
