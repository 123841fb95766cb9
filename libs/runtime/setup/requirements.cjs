const { spawnSync } = require('node:child_process');
const { accessSync, constants, statSync } = require('node:fs');
const { delimiter, join } = require('node:path');
const { SetupError } = require('./errors.cjs');

const oldestPython = [3, 10];
const pythonNames = [
  'python3',
  'python3.13',
  'python3.12',
  'python3.11',
  'python3.10',
  'python3.14',
  'python',
];

/**
 * @param {string} program
 * @param {NodeJS.ProcessEnv} [environment]
 * @returns {string | null} the first executable file of that name on PATH
 */
function which(program, environment = process.env) {
  for (const folder of (environment.PATH ?? '').split(delimiter)) {
    if (folder === '') continue;
    const file = join(folder, program);
    try {
      accessSync(file, constants.X_OK);
      if (statSync(file).isFile()) return file;
    } catch {
      continue;
    }
  }
  return null;
}

/** @typedef {'python' | 'venv' | 'g++' | 'make' | 'npm'} Tool */

/** @type {Record<'apt-get' | 'dnf' | 'brew', Record<Tool, string>>} */
const packages = {
  'apt-get': { python: 'python3 python3-venv', venv: 'python3-venv', 'g++': 'g++', make: 'make', npm: 'npm' },
  dnf: { python: 'python3', venv: 'python3-pip', 'g++': 'gcc-c++', make: 'make', npm: 'npm' },
  brew: { python: 'python@3.12', venv: 'python@3.12', 'g++': 'gcc', make: 'make', npm: 'node' },
};

/**
 * The command that installs a missing tool here.
 *
 * @param {Tool} tool
 * @param {NodeJS.ProcessEnv} [environment]
 */
function installCommand(tool, environment = process.env) {
  if (process.platform === 'darwin' && (tool === 'g++' || tool === 'make')) return 'xcode-select --install';
  for (const manager of /** @type {const} */ (['apt-get', 'dnf', 'brew'])) {
    if (which(manager, environment) === null) continue;
    const command = manager === 'brew' ? 'brew install' : `sudo ${manager} install -y`;
    return `${command} ${packages[manager][tool]}`;
  }
  return `your system's package manager (Debian: sudo apt-get install -y ${packages['apt-get'][tool]})`;
}

/**
 * @typedef {{ file: string, version: string, supported: boolean, venv: boolean }} Python
 * @param {NodeJS.ProcessEnv} [environment]
 * @returns {Python[]} every Python 3 on PATH that runs, the preferred names first
 */
function findPythons(environment = process.env) {
  const question =
    'import sys, importlib.util as u; print(*sys.version_info[:3], all(map(u.find_spec, ("venv", "ensurepip"))))';
  /** @type {Python[]} */
  const found = [];
  for (const name of pythonNames) {
    const file = which(name, environment);
    if (file === null) continue;
    const { status, stdout } = spawnSync(file, ['-c', question], {
      encoding: 'utf8',
      env: environment,
      timeout: 30_000,
    });
    const [, major, minor, patch, venv] = /^(\d+) (\d+) (\d+) (True|False)/.exec(stdout ?? '') ?? [];
    if (status !== 0 || major !== '3') continue;
    const supported = Number(minor) >= /** @type {number} */ (oldestPython[1]);
    const python = { file, version: `${major}.${minor}.${patch}`, supported, venv: venv === 'True' };
    found.push(python);
    if (python.supported && python.venv) break;
  }
  return found;
}

/**
 * The Python to make the environment with, or the one line that says what to install.
 *
 * @param {NodeJS.ProcessEnv} [environment]
 * @returns {{ python: Python } | { missing: string }}
 */
function choosePython(environment = process.env) {
  const pythons = findPythons(environment);
  const usable = pythons.find((python) => python.supported && python.venv);
  if (usable) return { python: usable };
  const oldest = oldestPython.join('.');
  const withoutVenv = pythons.find((python) => python.supported);
  if (withoutVenv) {
    return {
      missing: `Python's venv and pip modules are missing (${withoutVenv.file}, ${withoutVenv.version}): install them with ${installCommand('venv', environment)}`,
    };
  }
  const [old] = pythons;
  if (old) {
    return {
      missing: `Python ${old.version} (${old.file}) is too old, set-up needs ${oldest} or later: install one with ${installCommand('python', environment)}, or put a newer python3 on PATH`,
    };
  }
  return {
    missing: `python3 is missing (${oldest} or later, with pip and venv): install it with ${installCommand('python', environment)}`,
  };
}

/**
 * How to call the C++ compiler.
 *
 * @param {NodeJS.ProcessEnv} [environment]
 */
function compilerCommand(environment = process.env) {
  const [file = 'g++', ...args] = (environment.CXX ?? '').split(' ').filter((part) => part !== '');
  return { file, args };
}

/**
 * One line for each missing program that compiles the addon and our ops.
 *
 * @param {NodeJS.ProcessEnv} [environment]
 * @returns {string[]}
 */
function missingCompilers(environment = process.env) {
  const { file: compiler } = compilerCommand(environment);
  const missing = [];
  if (!isProgram(compiler, environment)) {
    missing.push(`${compiler} is missing: install it with ${installCommand('g++', environment)}`);
  }
  const make = (environment.MAKE ?? '').split(' ')[0] || 'make';
  if (!isProgram(make, environment)) {
    missing.push(`${make} is missing: install it with ${installCommand('make', environment)}`);
  }
  return missing;
}

/**
 * @param {string} program a name on PATH or a path
 * @param {NodeJS.ProcessEnv} environment
 */
function isProgram(program, environment) {
  return program.includes('/')
    ? which(program, { PATH: '/' }) !== null
    : which(program, environment) !== null;
}

/**
 * How to call npm: the one that runs us if npm does, else the one on PATH; null if there is none.
 *
 * @param {NodeJS.ProcessEnv} [environment]
 * @returns {{ file: string, args: string[] } | null}
 */
function findNpm(environment = process.env) {
  const script = environment.npm_execpath;
  if (script && /npm-cli\.[cm]?js$/.test(script)) return { file: process.execPath, args: [script] };
  const file = which('npm', environment);
  return file === null ? null : { file, args: [] };
}

/**
 * Names every missing program in one error, so that one round of installing is enough.
 *
 * @param {{ npm?: boolean, python: boolean, compilers: boolean }} needed
 * @returns {string} the Python to use, or '' if none is needed
 */
function findPrograms({ npm = false, python, compilers }) {
  const missing = [];
  if (npm && findNpm() === null) missing.push(`npm is missing: install it with ${installCommand('npm')}`);
  let found = '';
  if (python) {
    const choice = choosePython();
    if ('missing' in choice) missing.push(choice.missing);
    else found = choice.python.file;
  }
  if (compilers) missing.push(...missingCompilers());
  if (missing.length > 0) throw new SetupError(missing.join('\n'));
  return found;
}

module.exports = {
  which,
  installCommand,
  choosePython,
  compilerCommand,
  missingCompilers,
  findNpm,
  findPrograms,
};
