import { execFile } from 'node:child_process';
import { userInfo } from 'node:os';
import { dirname, relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { KeyValue } from './client/types';
import { limits, truncate } from './client/validation';

const run = promisify(execFile);

/** The tags by which the UI shows who ran what: user, source and git commit, as far as they can be found out. */
export async function sourceTags(sourceName?: string): Promise<KeyValue[]> {
  const script = process.argv[1];
  const name =
    sourceName ?? (script === undefined ? undefined : relative(process.cwd(), resolve(script)) || script);
  const tags: [string, string | undefined][] = [
    ['mlflow.user', user()],
    ['mlflow.source.name', name],
    ['mlflow.source.type', 'LOCAL'],
    [
      'mlflow.source.git.commit',
      await gitCommit(script === undefined ? process.cwd() : dirname(resolve(script))),
    ],
  ];
  return tags.flatMap(([key, value]) =>
    value === undefined || value === '' ? [] : [{ key, value: truncate(value, limits.tagValue) }],
  );
}

function user(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return process.env.USER ?? process.env.USERNAME;
  }
}

async function gitCommit(folder: string): Promise<string | undefined> {
  try {
    return (await run('git', ['-C', folder, 'rev-parse', 'HEAD'], { timeout: 2000 })).stdout.trim();
  } catch {
    return undefined;
  }
}
