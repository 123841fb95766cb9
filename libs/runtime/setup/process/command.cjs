const { spawn } = require('node:child_process');
const { ownership } = require('./orphans.cjs');

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();

/** @param {NodeJS.Signals} signal */
function killAll(signal) {
  for (const child of running) {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, signal);
    } catch {
      // The group has ended already.
    }
  }
}

/**
 * Runs a program to its end, in a process group of its own so that `killAll` ends it with all its children. Should this process
 * be killed, whoever takes over its lock ends them.
 *
 * @param {string} file
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 * @returns {Promise<{ code: number, output: string }>} exit status (127 if it cannot be started) and the last
 *   100,000 characters of both outputs together
 */
function run(file, args, options = {}) {
  return new Promise((resolve) => {
    let output = '';
    const env = { ...(options.env ?? process.env), ...ownership() };
    const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options, env, detached: true });
    running.add(child);
    const keep = (/** @type {Buffer} */ chunk) => {
      output = (output + chunk.toString('utf8')).slice(-100_000);
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    const finish = (/** @type {number} */ code) => {
      running.delete(child);
      resolve({ code, output });
    };
    child.on('error', (error) => {
      output += error.message;
      finish(127);
    });
    child.on('close', (code) => finish(code ?? 1));
  });
}

/** @param {string} output */
function lastLines(output) {
  return output.trimEnd().split('\n').slice(-15).join('\n');
}

/**
 * What compilers and linkers found wrong, however much their callers said after that.
 *
 * @param {string} output
 */
function errorLines(output) {
  const lines = output
    .split('\n')
    .filter((line) => /(^|[\s:])(fatal error|error|undefined reference)\b/i.test(line));
  const own = lines.filter((line) => !/\bERR!/.test(line));
  return own.length === 0 ? lastLines(output) : own.slice(0, 8).join('\n');
}

/**
 * Makes a signal end the running programs with all their processes, and this process with the signal's exit code. It goes on
 * being heard, as npm hands on what the terminal has told already, and what is unfinished has yet to be removed.
 */
function endOnSignals() {
  for (const [signal, code] of /** @type {const} */ ([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ])) {
    process.on(signal, () => {
      killAll('SIGKILL');
      process.exit(code);
    });
  }
}

module.exports = { run, lastLines, errorLines, endOnSignals };
