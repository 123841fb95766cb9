const { createHash } = require('node:crypto');
const {
  createReadStream,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} = require('node:fs');
const { join } = require('node:path');
const { pipeline } = require('node:stream/promises');
const { SetupError } = require('./errors.cjs');
const { version } = require('./places.cjs');
const { lastLines, run } = require('./process/command.cjs');
const { download } = require('./process/download.cjs');
const { removeUnfinished } = require('./process/unfinished.cjs');

/**
 * @typedef {{ project: string, platform: string, megabytes: number, sha256: string, tested: boolean }} Wheel
 * @type {Record<string, Wheel>}
 */
const wheels = {
  'linux-x64': {
    project: 'tensorflow-cpu',
    platform: 'manylinux_2_27_x86_64',
    megabytes: 274,
    sha256: 'dcc8afd32930e42d5296b6ee19078b773706830af4ea97fbe503b9f5e0f820cb',
    tested: true,
  },
  'linux-arm64': {
    project: 'tensorflow',
    platform: 'manylinux_2_27_aarch64',
    megabytes: 282,
    sha256: 'b07d15737406533898e36c7ef7944b1be18e9028dc521b9229952c537bbc5552',
    tested: false,
  },
  'darwin-arm64': {
    project: 'tensorflow',
    platform: 'macosx_12_0_arm64',
    megabytes: 224,
    sha256: '56ecd7d47429acbe1df2694d50b75bf9fc3995ac92cb367cd9af6c4780ead712',
    tested: false,
  },
};

/** @type {Wheel} */
const gpuWheel = {
  project: 'tensorflow',
  platform: 'manylinux_2_27_x86_64',
  megabytes: 573,
  sha256: 'b3b95643c4e70eb925839938fb35cbe142f317ec84af6844ee61513713bb13c0',
  tested: false,
};

/**
 * The wheel that holds TensorFlow's library for a platform.
 *
 * @param {string} [platform] as `linux-x64`
 * @param {import('./device.cjs').Device} [device]
 * @returns {Wheel}
 */
function wheelFor(platform = `${process.platform}-${process.arch}`, device = 'cpu') {
  if (device === 'gpu') return gpuWheel;
  const wheel = wheels[platform];
  if (wheel === undefined) {
    throw new SetupError(
      `TensorFlow's library is not available for ${platform}: use Linux x64 (tested), or Linux arm64 or macOS arm64 (untested)`,
    );
  }
  return wheel;
}

/** @param {Wheel} wheel */
function wheelName(wheel) {
  return `${wheel.project.replace('-', '_')}-${version}-cp312-cp312-${wheel.platform}.whl`;
}

/** @param {string} file */
async function sha256Of(file) {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/**
 * Tells what is unpacked from which wheel.
 *
 * @param {Wheel} wheel
 */
function stampOf(wheel) {
  return `${wheel.sha256}, with headers`;
}

/** @param {string} library the folder for it */
function libraryIsReady(library, wheel = wheelFor()) {
  const stamp = join(library, 'set-up.txt');
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === stampOf(wheel);
}

/**
 * Downloads the wheel into `folder`, which is this process's alone meanwhile, unless it is there, and checks its hash.
 *
 * @param {string} python a Python with the module venv
 * @param {string} folder
 * @returns {Promise<string>} the file
 */
async function fetchWheel(python, folder, wheel = wheelFor()) {
  const file = join(folder, wheelName(wheel));
  if (existsSync(file)) {
    if ((await sha256Of(file)) === wheel.sha256) return file;
    rmSync(file);
  }
  mkdirSync(folder, { recursive: true });
  // What a set-up left that was killed: only one at a time is here.
  for (const name of readdirSync(folder))
    if (/^download-\d+$/.test(name)) rmSync(join(folder, name), { recursive: true, force: true });
  const draft = join(folder, `download-${process.pid}`);
  mkdirSync(draft);
  return removeUnfinished(draft, async () => {
    const pip = await pythonWithPip(python, join(draft, 'venv'));
    const words = [
      ...['-m', 'pip', 'download', '--no-cache-dir', '--no-input', '--progress-bar', 'off', '--no-deps'],
      ...['--only-binary=:all:', '--python-version', '3.12', '--implementation', 'cp'],
      ...['--platform', wheel.platform, '--dest', draft, `${wheel.project}==${version}`],
    ];
    await download(`pip could not download ${wheel.project} ${version}`, () => run(pip, words));
    const fetched = join(draft, wheelName(wheel));
    if (!existsSync(fetched) || (await sha256Of(fetched)) !== wheel.sha256) {
      throw new SetupError(`${wheelName(wheel)} is not the file that was published: its SHA-256 differs`);
    }
    renameSync(fetched, file);
    return file;
  });
}

/**
 * Makes a virtual environment, as a system's own Python often has no pip.
 *
 * @param {string} python
 * @param {string} folder
 */
async function pythonWithPip(python, folder) {
  const { code, output } = await run(python, ['-m', 'venv', folder]);
  if (code !== 0)
    throw new SetupError(`${python} could not make a virtual environment:\n${lastLines(output)}`);
  return join(folder, 'bin', 'python');
}

/**
 * Puts TensorFlow's library and the headers that the addon and our own ops need into a folder.
 *
 * @param {string} python
 * @param {string} wheelFile
 * @param {string} library
 */
async function unpackLibrary(python, wheelFile, library, wheel = wheelFor()) {
  const draft = `${library}.part`;
  rmSync(draft, { recursive: true, force: true });
  rmSync(library, { recursive: true, force: true });
  await removeUnfinished(draft, async () => {
    const { code, output } = await run(python, [join(__dirname, 'unpack_wheel.py'), wheelFile, draft]);
    if (code !== 0) throw new SetupError(`could not unpack ${wheelFile}:\n${lastLines(output)}`);
    writeFileSync(join(draft, 'set-up.txt'), stampOf(wheel));
    renameSync(draft, library);
  });
}

module.exports = { wheelFor, wheelName, libraryIsReady, fetchWheel, unpackLibrary, pythonWithPip };
