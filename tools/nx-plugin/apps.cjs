/** What an app's command does other than its own work, by the word that follows the command's name. */
const subcommands = {
  'study-ho': [{ word: 'worker', continuous: true }],
};

/** npm scripts of an app beside the one of its own name. */
const furtherScripts = { inspect: ['demo'] };

/** Apps that serve pages until they are stopped. */
const servers = ['inspect'];

/**
 * The targets that are an app's npm scripts: `run`, one for each of its sub-commands, and one for each further script.
 *
 * @param {string} app
 * @param {Record<string, string>} scripts those of the workspace
 * @returns {Record<string, import('@nx/devkit').TargetConfiguration>}
 */
function runTargets(app, scripts) {
  if (!Object.hasOwn(scripts, app)) return {};
  const words = Object.hasOwn(subcommands, app) ? subcommands[/** @type {'study-ho'} */ (app)] : [];
  const further = Object.hasOwn(furtherScripts, app) ? furtherScripts[/** @type {'inspect'} */ (app)] : [];
  const continuous = servers.includes(app) ? { continuous: true } : {};
  return Object.fromEntries([
    ['run', { ...scriptTarget(app, []), ...continuous }],
    ...further.map((script) => [script, { ...scriptTarget(script, []), ...continuous }]),
    ...words.map(({ word, continuous }) => [word, { ...scriptTarget(app, [word]), continuous }]),
  ]);
}

/**
 * A target that runs an app's npm script with some flags; it is never cached.
 *
 * @param {string} app
 * @param {readonly string[]} flags
 * @returns {import('@nx/devkit').TargetConfiguration}
 */
function scriptTarget(app, flags) {
  const command = ['npm run', app, ...(flags.length > 0 ? ['--', ...flags] : [])].join(' ');
  return {
    executor: './tools/nx-plugin:app',
    options: { app, flags },
    outputs: [],
    cache: false,
    parallelism: false,
    metadata: { description: command },
  };
}

module.exports = { runTargets, scriptTarget };
