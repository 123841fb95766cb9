import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { lastLine, type Program } from '../contender';
import { BenchError } from '../errors';
import { spread } from '../statistics';

/** What one search came to. */
export interface SearchFigures {
  /** From the start of its process to the exit. */
  readonly seconds: number;
  /** On the test part. */
  readonly accuracy: number;
  /** Median time between a trial's end and the next one's start, over the median time of a trial; 0 if it tells none. */
  readonly runnerShare: number;
}

/** Runs a search in a folder of its own; its last line is JSON with the accuracy. Throws a BenchError if it fails. */
export function timeCommand(name: string, { file, args, environment = {} }: Program): Promise<SearchFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-search-'));
  const started = performance.now();
  const child = spawn(file, args, {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  });
  const marks = new TrialMarks();
  let [output, errors] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
  createInterface({ input: child.stderr }).on('line', (line) => {
    errors = `${errors}${line}\n`.slice(-10_000);
    marks.hear(line, performance.now());
  });
  return new Promise<SearchFigures>((resolve, reject) => {
    child.on('error', (error) =>
      reject(new BenchError(`The search of ${name} did not start: ${error.message}.`)),
    );
    child.on('close', (code) => {
      if (code !== 0) return reject(new BenchError(`The search of ${name} failed${lastLine(errors)}`));
      const { accuracy } = JSON.parse(output.trim().split('\n').at(-1) as string) as { accuracy: number };
      resolve({ seconds: (performance.now() - started) / 1000, accuracy, runnerShare: marks.runnerShare });
    });
  }).finally(() => rmSync(folder, { recursive: true, force: true }));
}

/** Hears when trials that run one after the other start and end, from the lines that study-ho writes of them. */
export class TrialMarks {
  readonly #trials: number[] = [];
  readonly #gaps: number[] = [];
  #started = NaN;
  #ended = NaN;

  hear(line: string, at: number): void {
    if (/alpha \S+: running$/u.test(line)) {
      if (!Number.isNaN(this.#ended)) this.#gaps.push(at - this.#ended);
      this.#started = at;
    } else if (/alpha \S+: finished/u.test(line)) {
      this.#trials.push(at - this.#started);
      this.#ended = at;
    }
  }

  get runnerShare(): number {
    return this.#gaps.length === 0 ? 0 : spread(this.#gaps).median / spread(this.#trials).median;
  }
}
