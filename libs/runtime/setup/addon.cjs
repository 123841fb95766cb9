const {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
} = require('node:fs');
const { createRequire } = require('node:module');
const { tmpdir } = require('node:os');
const { dirname, join } = require('node:path');
const { SetupError } = require('./errors.cjs');
const { tfjsFolder, version } = require('./places.cjs');
const { errorLines, lastLines, run } = require('./process/command.cjs');
const { processIdentity } = require('./process/identity.cjs');
const { removeUnfinished } = require('./process/unfinished.cjs');
const { findNpm } = require('./requirements.cjs');

/**
 * Where Node's headers are on this machine: beside the node binary, or Debian's.
 *
 * @returns {string | null} the folder above `include/node`
 */
function headersFolder(executable = process.execPath) {
  const places = [dirname(dirname(realpathSync(executable))), '/usr'];
  return places.find((place) => existsSync(join(place, 'include', 'node', 'node_api.h'))) ?? null;
}

/** @returns {string | undefined} the node-gyp that comes with npm */
function findNodeGyp() {
  const npm = findNpm();
  if (npm === null) return undefined;
  const script = npm.args[0] ?? realpathSync(npm.file);
  const file = join(dirname(dirname(script)), 'node_modules', 'node-gyp', 'bin', 'node-gyp.js');
  return existsSync(file) ? file : process.env.npm_config_node_gyp;
}

/** @returns {string} the folder for temporary files, or the one that every Unix has if that would disturb gyp */
function plainFolder(folder = tmpdir()) {
  return /^[\w./+-]+$/.test(folder) ? folder : '/tmp';
}

/**
 * Makes a temporary folder to compile in, and removes those of processes that were killed.
 *
 * @returns {string}
 */
function draftFolder() {
  const folder = plainFolder();
  for (const name of readdirSync(folder)) {
    const [, pid] = /^label-relaxation-addon-(\d+)-/.exec(name) ?? [];
    if (pid === undefined || processIdentity(Number(pid)) !== null) continue;
    try {
      rmSync(join(folder, name), { recursive: true });
    } catch {
      // It is another user's.
    }
  }
  return mkdtempSync(join(folder, `label-relaxation-addon-${process.pid}-`));
}

/**
 * Compiles tfjs-node's addon against TensorFlow's library, and puts it in place if it runs. Node-API keeps its promises
 * between versions of Node, so that one addon serves them all. gyp stumbles over spaces and parentheses in a path: it is
 * compiled in a temporary folder, which has links to what it needs from elsewhere.
 *
 * @param {Pick<import('./places.cjs').Places, 'library' | 'addon'>} places
 * @param {string} python
 * @param {string} [tfjs] the folder of tfjs-node
 */
async function buildAddon({ library, addon }, python, tfjs = tfjsFolder()) {
  const draft = draftFolder();
  await removeUnfinished(draft, async () => {
    for (const part of ['package.json', 'binding.gyp', 'binding']) {
      cpSync(join(tfjs, part), join(draft, part), { recursive: true });
    }
    symlinkSync(library, join(draft, 'deps'));
    const headers = headersFolder();
    if (headers !== null) symlinkSync(headers, join(draft, 'node'));
    const gyp = findNodeGyp();
    const { code, output } = await run(
      process.execPath,
      [
        createRequire(join(tfjsFolder(), 'package.json')).resolve('@mapbox/node-pre-gyp/bin/node-pre-gyp'),
        ...['rebuild', '--build-from-source', '--build-latest-napi-version-only'],
        ...(headers === null ? [] : [`--nodedir=${join(draft, 'node')}`]),
      ],
      {
        cwd: draft,
        env: {
          ...process.env,
          npm_config_python: python,
          ...(gyp === undefined ? {} : { npm_config_node_gyp: gyp }),
          ...(process.platform === 'darwin' ? { LDFLAGS: '-Wl,-rpath,@loader_path/../../deps/lib' } : {}),
        },
      },
    );
    if (code !== 0) throw new SetupError(`tfjs-node's addon could not be compiled:\n${errorLines(output)}`);
    const built = join(draft, 'lib', 'napi-v8', 'tfjs_binding.node');
    await tryAddon(built);
    mkdirSync(dirname(addon), { recursive: true });
    // The temporary folder may be on another disk.
    cpSync(built, `${addon}.part`);
    renameSync(`${addon}.part`, addon);
  });
}

/**
 * Loads the addon in a process of its own, as it may bring the process down.
 *
 * @param {string} file
 */
async function tryAddon(file) {
  const { code, output } = await run(process.execPath, [
    '-e',
    `console.log(require(${JSON.stringify(file)}).TF_Version)`,
  ]);
  if (code !== 0 || !output.includes(version)) {
    throw new SetupError(`TensorFlow ${version} does not run on this machine:\n${lastLines(output)}`);
  }
}

module.exports = { headersFolder, plainFolder, buildAddon };
