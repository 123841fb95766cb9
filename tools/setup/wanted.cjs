/** Flags with which a command of ours contacts no tracking server of this checkout. */
const without = ['offline', 'dry_run', 'help', 'version'];
/** The word for a command that is told of the server by the trials that it takes. */
const workerWord = 'worker';

/**
 * Whether a command needs the local server: not if it is told of another one, stays offline, or only shows something.
 *
 * @param {readonly string[]} args the command's flags
 * @param {NodeJS.ProcessEnv} [environment]
 */
function needsServer(args, environment = process.env) {
  if (environment.MLFLOW_TRACKING_URI || args[0] === workerWord) return false;
  const given = flagsIn(args);
  if (given.has('h') || given.get('tracking_uri')) return false;
  return !without.some((name) => given.has(name) && !/^(false|0|no)$/i.test(given.get(name) ?? ''));
}

/**
 * Flags and their values as far as they can be told without knowing the flags; of one given twice the last counts.
 *
 * @param {readonly string[]} args
 * @returns {Map<string, string | undefined>}
 */
function flagsIn(args) {
  /** @type {Map<string, string | undefined>} */
  const flags = new Map();
  for (const [index, arg] of args.entries()) {
    const [, name, value] = /^--?([a-zA-Z][\w-]*)(?:=(.*))?$/s.exec(arg) ?? [];
    if (name === undefined) continue;
    const next = args[index + 1];
    flags.set(name.replaceAll('-', '_'), value ?? (next?.startsWith('-') ? undefined : next));
  }
  return flags;
}

module.exports = { needsServer };
