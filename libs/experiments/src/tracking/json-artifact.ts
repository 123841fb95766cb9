import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { RunError } from '../errors';

/** The object in a run's JSON artifact, fetched into a file. Throws a RunError if it is none. */
export async function readJsonArtifact<T extends object>(file: string, runId: string): Promise<T> {
  try {
    const value: unknown = JSON.parse(await readFile(file, 'utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as T;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new RunError(`${basename(file)} of run ${runId} is damaged: it is no JSON object`);
}
