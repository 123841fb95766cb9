import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { environmentIsReady, installMlflow } from './mlflow-environment.cjs';
import { provideWheels } from './mlflow-wheels.cjs';
import { checkoutPaths } from './paths.cjs';

const before = { ...process.env };
let folder: string;
let cache: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'label-relaxation-wheels-'));
  cache = join(folder, 'cache');
  process.env['LABEL_RELAXATION_CACHE'] = cache;
});
afterEach(() => {
  process.env = { ...before };
  rmSync(folder, { recursive: true });
});

const gone = `echo "connection broken by 'no network': /simple/mlflow" >&2; exit 1`;
const wheel = 'echo right > "$2/mlflow.whl"';
const onWait = () => undefined;

/**
 * Writes a program in a Python's place: as pip it downloads by a shell script whose second argument is the folder, and installs by one
 * whose second argument is the folder of the wheels.
 */
function python(download: string, install = 'exit 1', tag = 'cpython-312-linux'): string {
  const file = join(folder, 'python');
  const from = (option: string) => `while [ "$1" != ${option} ]; do shift; done`;
  const script = `
    case "$*" in
      -c*) echo ${tag} ;;
      *'pip download'*) mkdir -p "$5"; echo "$*" > '${folder}/asked'; ${from('--dest')}; ${download} ;;
      *'pip install'*) echo "$*" > '${folder}/asked'; ${from('--find-links')}; ${install} ;;
    esac`;
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return file;
}

describe("MLflow's wheels", () => {
  const kept = () => readdirSync(join(cache, 'mlflow'));

  it('are kept for further checkouts, of each Python its own', async () => {
    const wheels = await provideWheels(python(wheel), onWait);
    expect(readFileSync(join(wheels!, 'mlflow.whl'), 'utf8')).toBe('right\n');
    expect(await provideWheels(python(gone), onWait)).toBe(wheels);
    await expect(provideWheels(python(gone, '', 'cpython-313-linux'), onWait)).rejects.toThrow('no network');
    const others = await provideWheels(python(wheel, '', 'cpython-313-linux'), onWait);
    expect(kept().sort()).toEqual(
      [wheels!, others!].map((path) => path.slice(dirname(path).length + 1)).sort(),
    );
  });

  it('are fetched by one of two set-ups at once', async () => {
    const one = python(`echo once >> '${folder}/fetched'; sleep 0.5; ${wheel}`);
    const both = await Promise.all([provideWheels(one, onWait), provideWheels(one, onWait)]);
    expect(new Set(both).size).toBe(1);
    expect(readFileSync(join(folder, 'fetched'), 'utf8')).toBe('once\n');
  });

  it('leave nothing where the network is gone but what pip goes on with', async () => {
    await expect(provideWheels(python(gone), onWait)).rejects.toThrow(
      /^pip could not download mlflow [\d.]+: no network; try again when there is a network[^\n]*$/,
    );
    expect(kept()).toEqual(['pip']);
    const wheels = await provideWheels(python(wheel), onWait);
    expect(kept()).toEqual([wheels!.slice(join(cache, 'mlflow/').length)]);
  });

  it('are fetched whole where a set-up was killed half-way', async () => {
    const wheels = (await provideWheels(python(wheel), onWait))!;
    rmSync(wheels, { recursive: true });
    mkdirSync(`${wheels}.part`);
    writeFileSync(join(`${wheels}.part`, 'half.whl'), '');
    expect(await provideWheels(python(wheel), onWait)).toBe(wheels);
    expect(readdirSync(wheels)).toEqual(['mlflow.whl']);
    expect(existsSync(`${wheels}.part`)).toBe(false);
  });

  it('are not kept in a cache that cannot be written', async () => {
    writeFileSync(join(folder, 'file'), '');
    process.env['LABEL_RELAXATION_CACHE'] = join(folder, 'file/cache');
    expect(await provideWheels(python(gone), onWait)).toBeNull();
  });
});

describe('MLflow', () => {
  let paths: ReturnType<typeof checkoutPaths>;
  beforeEach(() => {
    paths = { ...checkoutPaths(folder), python: join(folder, 'python') };
    mkdirSync(paths.environment);
  });
  const asked = () => readFileSync(join(folder, 'asked'), 'utf8');
  const isRight = `grep -q right "$2/mlflow.whl" || { echo THESE PACKAGES DO NOT MATCH THE HASHES; exit 1; }`;

  it('is installed from its wheels alone', async () => {
    process.env['PIP_FIND_LINKS'] = 'http://nowhere.invalid';
    python(wheel, `${isRight}; test -z "$PIP_FIND_LINKS"`);
    await installMlflow(paths, onWait);
    expect(environmentIsReady(paths)).toBe(true);
    expect(asked()).toMatch(/pip install .*--no-index .*--require-hashes --no-deps -r .*lock\.txt$/m);
  });

  it('has pip ask its index where not all of its packages are wheels', async () => {
    process.env['PIP_FIND_LINKS'] = 'http://nowhere.invalid';
    python(`${wheel}; echo > "$2/source.tar.gz"`, 'test -n "$PIP_FIND_LINKS"');
    await installMlflow(paths, onWait);
    expect(asked()).toMatch(/--find-links/);
    expect(asked()).not.toMatch(/--no-index/);
  });

  it('has damaged wheels fetched anew', async () => {
    const wheels = (await provideWheels(python(wheel, isRight), onWait))!;
    writeFileSync(join(wheels, 'mlflow.whl'), 'wrong');
    await installMlflow(paths, onWait);
    expect(readFileSync(join(wheels, 'mlflow.whl'), 'utf8')).toBe('right\n');
    expect(environmentIsReady(paths)).toBe(true);
  });

  it('leaves no half of an environment where its wheels cannot be had', async () => {
    python(gone);
    await expect(installMlflow(paths, onWait)).rejects.toThrow('no network');
    expect(existsSync(paths.environment)).toBe(false);
  });
});
