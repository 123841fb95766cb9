const { spawn } = require('node:child_process');

/** Signals that are handed on, so that the experiment can end its MLflow run. */
const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

/**
 * Performs an experiment by its npm script. The flags that the user gave Nx come last, as they were written: of a flag
 * given twice the last counts.
 *
 * @param {{ app: string, flags: readonly string[], __unparsed__?: readonly string[] }} options
 * @param {{ root: string }} context
 * @returns {Promise<{ success: boolean }>}
 */
module.exports = function performExperiment({ app, flags, __unparsed__: given = [] }, { root }) {
  const experiment = spawn('npm', ['run', '--silent', app, '--', ...flags, ...given], {
    cwd: root,
    stdio: 'inherit',
  });
  /** @type {(signal: NodeJS.Signals) => void} */
  const handOn = (signal) => void experiment.kill(signal);
  for (const signal of signals) process.on(signal, handOn);
  return new Promise((resolve, reject) => {
    experiment.on('error', reject);
    experiment.on('close', (code) => {
      for (const signal of signals) process.off(signal, handOn);
      resolve({ success: code === 0 });
    });
  });
};
