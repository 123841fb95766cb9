import { spawn } from 'node:child_process';
import { lastLine, type Program } from './contender';
import { BenchError } from './errors';

/** What a program that ran to its end printed, and its time from start to exit. */
export interface ProgramRun {
  readonly output: string;
  readonly seconds: number;
}

/** Runs a program to its end; throws a BenchError with the last thing it said where it fails. */
export function runProgram(name: string, { file, args, environment = {} }: Program): Promise<ProgramRun> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(file, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...environment },
    });
    let [output, errors] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString('utf8')));
    child.on('error', (error) => reject(new BenchError(`${name} did not start: ${error.message}.`)));
    child.on('close', (code) => {
      if (code === 0) resolve({ output, seconds: (performance.now() - started) / 1000 });
      else reject(new BenchError(`${name} failed${lastLine(errors)}`));
    });
  });
}
