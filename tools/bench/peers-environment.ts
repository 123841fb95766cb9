import { execFile } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { lastLine } from './contender';
import { BenchError } from './errors';

const execute = promisify(execFile);

export const peersFolder = join(__dirname, 'peers');
const environment = resolve(__dirname, '..', '..', '.venv-bench');
const stamp = join(environment, 'requirements.txt');
const requirements = join(peersFolder, 'requirements.txt');
/** The interpreters for which TensorFlow 2.15 was published. */
const interpreters = ['python3.11', 'python3.10', 'python3.9', 'python3', 'python'];

/** Names an interpreter that has the peers already, so that none is made. */
export const interpreterVariable = 'LABEL_RELAXATION_BENCH_PYTHON';

/**
 * The Python interpreter of the peers' virtual environment `.venv-bench`, which is made at the first call.
 *
 * @throws BenchError where no fitting Python is at hand or the packages cannot be installed
 */
export async function peersPython(say: (line: string) => void): Promise<string> {
  const given = process.env[interpreterVariable];
  if (given) return given;
  const python = join(environment, 'bin', 'python');
  const wanted = readFileSync(requirements, 'utf8');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return python;

  say(
    `Installing the peers (Keras, PyTorch) from PyPI into ${environment}: about 7 GB on disk, minutes, once.`,
  );
  const base = await findInterpreter();
  rmSync(environment, { recursive: true, force: true });
  await call(base, ['-m', 'venv', environment]);
  await call(python, ['-m', 'pip', 'install', '--no-input', '--only-binary', ':all:', '-r', requirements]);
  writeFileSync(stamp, wanted);
  return python;
}

async function findInterpreter(): Promise<string> {
  for (const name of interpreters) {
    const probe = 'import sys, venv; print((3, 9) <= sys.version_info[:2] <= (3, 11))';
    const answer = await execute(name, ['-c', probe]).catch(() => null);
    if (answer?.stdout.trim() === 'True') return name;
  }
  throw new BenchError(
    'The peers need Python 3.9 to 3.11 (with venv), for which TensorFlow 2.15 was published, and none is on PATH: ' +
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
