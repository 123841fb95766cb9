/**
 * Loaded before a program with `node -r`: lets Node run the workspace's TypeScript, without checking types. What ts-node
 * makes of a file is kept: the compilers, which need more memory than a small network, are loaded for new files alone.
 */
const { createHash } = require('node:crypto');
const { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const { join, relative, sep } = require('node:path');
const { checkoutPaths, root } = require('./paths.cjs');

const folder = join(checkoutPaths().modules, '.cache', 'typescript');
const config = join(root, 'tsconfig.base.json');
const settings = [
  readFileSync(config, 'utf8'),
  ...['ts-node', '@swc/core'].map((name) => require(`${name}/package.json`).version),
].join('\n');

/** @type {import('ts-node').Service | undefined} */
let compiler;

/**
 * A file's JavaScript: as it was made before from the same text, or newly compiled.
 *
 * @param {string} file
 */
function compiled(file) {
  const text = readFileSync(file, 'utf8');
  const key = createHash('sha256').update(settings).update(file).update(text).digest('hex');
  const path = join(folder, `${nameOf(file)}.js`);
  const kept = read(path);
  if (kept?.endsWith(key)) return kept;
  compiler ??= require('ts-node').create({ project: config });
  const code = `${compiler.compile(text, file)}\n//${key}`;
  keep(path, code);
  return code;
}

/**
 * A file's path as a name, or a digest of it where file systems have no names as long.
 *
 * @param {string} file
 */
function nameOf(file) {
  const name = relative(root, file).split(sep).join('+');
  return Buffer.byteLength(name) < 200 ? name : createHash('sha256').update(file).digest('hex');
}

/** @param {string} path */
function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/**
 * @param {string} path
 * @param {string} code
 */
function keep(path, code) {
  const unfinished = `${path}.${process.pid}`;
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(unfinished, code);
    renameSync(unfinished, path);
  } catch {
    // A checkout that cannot be written to compiles anew each time.
    rmSync(unfinished, { force: true });
  }
}

if (process.env.LABEL_RELAXATION_DEBUG) process.setSourceMapsEnabled(true);

const { extensions } = createRequire(__filename);
/** @type {(module: NodeModule & { _compile(code: string, file: string): void }, file: string) => void} */
const load = (module, file) => module._compile(compiled(file), file);
extensions['.ts'] = /** @type {NodeJS.RequireExtensions['.ts']} */ (load);
