const { spawn } = require('node:child_process');

/** Signals that are handed on, so that the experiment can end its MLflow run. */
const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);
const controlC = '\u0003';

/**
 * Performs an experiment by its npm script. The flags that the user gave Nx come last, as they were written: of a flag
 * given twice the last counts.
 *
 * @param {{ app: string, flags: readonly string[], __unparsed__?: readonly string[] }} options
 * @param {{ root: string, cwd?: string }} context
 * @returns {Promise<{ success: boolean }>}
 */
module.exports = function performExperiment({ app, flags, __unparsed__: given = [] }, { root, cwd = root }) {
  // From the user's folder, so that npm tells the app which one paths are relative to.
  const experiment = spawn('npm', ['--prefix', root, 'run', '--silent', app, '--', ...flags, ...given], {
    cwd,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  /** @type {(signal: NodeJS.Signals) => void} */
  const handOn = (signal) => void experiment.kill(signal);
  for (const signal of signals) process.on(signal, handOn);
  const leaveTerminal = watchTerminal(handOn);
  return new Promise((resolve, reject) => {
    experiment.on('error', reject);
    experiment.on('close', (code) => {
      for (const signal of signals) process.off(signal, handOn);
      leaveTerminal();
      if (code !== null && code > 128) process.exit(code);
      resolve({ success: code === 0 });
    });
  });
};

/**
 * In the terminal that Nx makes for a task a Ctrl-C ends Nx, which does not wait for the task: here it is a key like any
 * other, and handed on as a signal.
 *
 * @param {(signal: NodeJS.Signals) => void} handOn
 * @returns {() => void} ends that
 */
function watchTerminal(handOn) {
  const { stdin, stdout } = process;
  if (!stdin.isTTY || !stdout.isTTY) return () => undefined;
  stdin.setRawMode(true);
  stdin.on('data', (keys) => {
    if (String(keys).includes(controlC)) handOn('SIGINT');
  });
  return () => {
    stdin.setRawMode(false);
    stdin.pause();
  };
}
