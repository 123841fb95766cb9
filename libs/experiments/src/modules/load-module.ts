import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, relative, resolve, sep } from 'node:path';
import { UsageError } from '../errors';
import { moduleName } from '../parameters/names';

/** A module of the user's own: what it exports, and the texts that it is made of. */
export interface OwnModule {
  /** Its file's name without ending. */
  readonly name: string;
  readonly exports: Readonly<Record<string, unknown>>;
  /** Its file and those that it imports by a relative path: their texts, by paths relative to the module's folder. */
  readonly files: ReadonlyMap<string, string>;
  /** SHA-256 of these texts in their order: of a module of one file, that of the file. */
  readonly sha256: string;
}

/** What names a module, for messages. */
export type ModuleFlag = 'model_name' | 'loss_name';

const endings = ['.ts', '.js', '.mjs', '.cjs'];
const loaded = new Map<string, OwnModule>();
const load = createRequire(__filename);

/**
 * Loads a module of the user's own: JavaScript as CommonJS or as an ES module, and TypeScript where Node runs with a
 * loader for it, as this workspace's commands do. A module that has changed since is loaded anew.
 *
 * @throws UsageError in one line where there is no such file, or it cannot be loaded
 */
export function loadModule(path: string, flag: ModuleFlag): OwnModule {
  const file = resolve(path);
  const texts = textsOf(path, flag);
  const sha256 = digestOf(texts.values());
  const known = loaded.get(file);
  if (known?.sha256 === sha256) return known;
  for (const one of texts.keys()) delete load.cache[one];
  const files = new Map([...texts].map(([one, text]) => [nameIn(dirname(file), one), text]));
  const module = { name: moduleName(path), exports: exportsOf(file, path, flag), files, sha256 };
  loaded.set(file, module);
  return module;
}

/** The SHA-256 of a module's text as it is now, without loading it. Throws a UsageError where there is no such file. */
export function moduleDigest(path: string, flag: ModuleFlag): string {
  return digestOf(textsOf(path, flag).values());
}

function digestOf(texts: Iterable<string>): string {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(text);
  return hash.digest('hex');
}

function textsOf(path: string, flag: ModuleFlag): Map<string, string> {
  const file = resolve(path);
  const takes = `--${flag} takes a name, or the path of a ${endings.slice(0, 3).join(', ')} file`;
  if (!existsSync(file)) throw new UsageError(`--${flag} ${path}: there is no such file`);
  if (!statSync(file).isFile() || !endings.includes(extname(file))) {
    throw new UsageError(`--${flag} ${path}: is no module; ${takes}`);
  }
  const texts = new Map<string, string>();
  collect(file, texts);
  return texts;
}

/** Takes the text of a file, and of those that it imports by relative paths. */
function collect(file: string, texts: Map<string, string>): void {
  const text = readFileSync(file, 'utf8');
  texts.set(file, text);
  for (const [, specifier] of text.matchAll(
    /(?:\bfrom|\bimport|\brequire)\s*\(?\s*['"](\.{1,2}\/[^'"]+)['"]/gu,
  )) {
    const place = resolve(dirname(file), specifier!);
    const found = ['', ...endings]
      .map((ending) => `${place}${ending}`)
      .find((one) => statSync(one, { throwIfNoEntry: false })?.isFile());
    if (found !== undefined && !texts.has(found)) collect(found, texts);
  }
}

function nameIn(folder: string, file: string): string {
  return relative(folder, file)
    .split(sep)
    .filter((part) => part !== '..')
    .join('/');
}

function exportsOf(file: string, path: string, flag: ModuleFlag): Readonly<Record<string, unknown>> {
  try {
    const exported: unknown = load(file);
    if (typeof exported === 'function') return { ...exported, default: exported };
    return (exported ?? {}) as Readonly<Record<string, unknown>>;
  } catch (error) {
    throw new UsageError(`--${flag} ${path}: cannot be loaded: ${reasonOf(error)}`, { cause: error });
  }
}

/** The function that a module exports: by default, else the only one. */
export function functionOf(exports: Readonly<Record<string, unknown>>): unknown {
  if (typeof exports['default'] === 'function') return exports['default'];
  const functions = Object.values(exports).filter((value) => typeof value === 'function');
  return functions.length === 1 ? functions[0] : undefined;
}

/** What went wrong in the user's code, in one line. */
export function reasonOf(error: unknown): string {
  const { message } = (error ?? {}) as { message?: unknown };
  const text = typeof message === 'string' ? message : String(error);
  const [first = 'it throws nothing that says why'] = text
    .replace(/\u001b\[[\d;]*m/gu, '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return first.replace(/^[x×]\s+/u, '');
}
