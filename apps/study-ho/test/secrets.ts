import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Secrets such as a user's environment holds, each with characters that addresses must encode. */
export const secrets = {
  mlflow: 'pl@nted/mlflow#1',
  redis: 'pl@nted/redis#2',
  token: 'planted-token-3',
  cloud: 'planted/cloud+key=4',
};

/** Variables that have nothing to do with the study. */
export const planted = {
  MLFLOW_TRACKING_TOKEN: secrets.token,
  AWS_SECRET_ACCESS_KEY: secrets.cloud,
  GITHUB_TOKEN: secrets.token,
};

/** An address with a user and a password. */
export function withPassword(address: string, password: string): string {
  return address.replace('//', `//alice:${encodeURIComponent(password)}@`);
}

/** The header that a server gets for `withPassword`. */
export function basic(password: string): string {
  return `Basic ${Buffer.from(`alice:${password}`).toString('base64')}`;
}

const traces = Object.values(secrets).flatMap((secret) => [
  secret,
  encodeURIComponent(secret),
  basic(secret).slice('Basic '.length),
  JSON.stringify(secret).slice(1, -1),
]);

/** The secrets of which a text has a trace, as they are or encoded. */
export function tracesIn(text: string): string[] {
  return traces.filter((trace) => text.includes(trace));
}

/** Every file below a folder whose name or content has a trace, and how many files were looked at. */
export function tracesBelow(folder: string): { found: string[]; files: number } {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  const found = files.filter((file) => tracesIn(`${file}\n${readFileSync(file, 'latin1')}`).length > 0);
  return { found, files: files.length };
}

/** Looks at the process list over and over, until it is told to stop. */
export class ProcessWatch {
  readonly found = new Set<string>();
  #looks = 0;
  readonly #timer = setInterval(() => this.#look(), 50);

  /** How often it has looked. */
  stop(): number {
    clearInterval(this.#timer);
    return this.#looks;
  }

  #look(): void {
    this.#looks += 1;
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/u.test(name))) {
      const command = commandOf(pid);
      if (tracesIn(command).length > 0) this.found.add(command.replaceAll('\0', ' '));
    }
  }
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
