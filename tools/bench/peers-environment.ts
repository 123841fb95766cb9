import { execFile } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { lastLine } from './contender';
import { BenchError } from './errors';

const execute = promisify(execFile);

export const peersFolder = join(__dirname, 'peers');

/** What some peers need. */
interface Environment {
  /** Who is installed, and what it takes. */
  readonly peers: string;
  readonly folder: string;
  readonly requirements: string;
  /** Interpreters to look for, and the versions that fit. */
  readonly interpreters: readonly string[];
  readonly versions: readonly [oldest: string, newest: string];
  /** Why those versions. */
  readonly because: string;
  /** What pip is told beside the requirements. */
  readonly options: readonly string[];
  /** Names an interpreter that has the peers already, so that none is made. */
  readonly variable: string;
}

const environments = {
  training: {
    peers: 'Keras, PyTorch, JAX',
    folder: '.venv-bench',
    requirements: 'requirements.txt',
    interpreters: ['python3.11', 'python3.10', 'python3.9', 'python3', 'python'],
    versions: ['3.9', '3.11'],
    because: 'for which TensorFlow 2.15 was published',
    options: ['--only-binary', ':all:'],
    variable: 'LABEL_RELAXATION_BENCH_PYTHON',
  },
  metrics: {
    peers: 'netcal, torchmetrics, torch-uncertainty, probmetrics, relplot, MAPIE, uncertainty-calibration',
    folder: '.venv-bench-metrics',
    requirements: 'requirements-metrics.txt',
    interpreters: ['python3.11', 'python3.12', 'python3.13', 'python3', 'python'],
    versions: ['3.11', '3.13'],
    because: 'for which all of them were published',
    options: ['--prefer-binary'],
    variable: 'LABEL_RELAXATION_BENCH_METRICS_PYTHON',
  },
} as const satisfies Record<string, Environment>;

/** A set of peers that are installed together. */
export type PeerSet = keyof typeof environments;

/**
 * The Python interpreter of some peers' virtual environment, `.venv-bench` or the like, which is made at the first call.
 *
 * @throws BenchError where no fitting Python is at hand or the packages cannot be installed
 */
export async function peersPython(peers: PeerSet, say: (line: string) => void): Promise<string> {
  const wanted: Environment = environments[peers];
  const given = process.env[wanted.variable];
  if (given) return given;
  const folder = resolve(__dirname, '..', '..', wanted.folder);
  const python = join(folder, 'bin', 'python');
  const stamp = join(folder, 'requirements.txt');
  const file = join(peersFolder, wanted.requirements);
  const requirements = readFileSync(file, 'utf8');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === requirements) return python;

  say(`Installing the peers (${wanted.peers}) from PyPI into ${folder}: about 7 GB on disk, minutes, once.`);
  const base = await findInterpreter(wanted);
  rmSync(folder, { recursive: true, force: true });
  await call(base, ['-m', 'venv', folder]);
  await call(python, ['-m', 'pip', 'install', '--no-input', ...wanted.options, '-r', file]);
  writeFileSync(stamp, requirements);
  return python;
}

async function findInterpreter({ interpreters, versions, because }: Environment): Promise<string> {
  const [oldest, newest] = versions.map((version) => `(${version.replace('.', ', ')})`);
  for (const name of interpreters) {
    const probe = `import sys, venv; print(${oldest} <= sys.version_info[:2] <= ${newest})`;
    const answer = await execute(name, ['-c', probe]).catch(() => null);
    if (answer?.stdout.trim() === 'True') return name;
  }
  throw new BenchError(
    `The peers need Python ${versions.join(' to ')} (with venv), ${because}, and none is on PATH: ` +
      'install one, or measure without them (--no-peers).',
  );
}

async function call(file: string, args: readonly string[]): Promise<void> {
  try {
    await execute(file, [...args], { maxBuffer: 2 ** 26 });
  } catch (error) {
    const { stderr = '' } = error as { stderr?: string };
    throw new BenchError(`The peers could not be installed (or use --no-peers)${lastLine(stderr)}`);
  }
}
