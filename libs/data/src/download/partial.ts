import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { codeOf } from '../errors';

const active = new Set<string>();
const host = hostname().replace(/[^\w]/g, '_');

/**
 * An unfinished download: a folder beside the destination with the bytes so far and what the server calls this
 * version of them. While somebody works on it its name says who; when they stop, or are gone, another process may
 * take it over by renaming it, which only one can.
 */
export class Partial {
  private constructor(
    private readonly destination: string,
    private readonly folder: string,
  ) {}

  /**
   * Takes over an abandoned download of this destination or begins a new one; if another process is at it, waits.
   *
   * @param isDone asked after having waited: whether the destination is there.
   * @returns null if another process has finished meanwhile.
   */
  static async claim(
    destination: string,
    isDone: () => Promise<boolean>,
    { poll, abandonedAfter, signal }: { poll: number; abandonedAfter: number; signal?: AbortSignal },
  ): Promise<Partial | null> {
    await mkdir(dirname(destination), { recursive: true });
    for (let waited = false; ; waited = true) {
      if (waited && (await isDone())) {
        return null;
      }
      const found = await list(destination, abandonedAfter);
      if (!found.some(({ live }) => live)) {
        const partial = await Partial.take(destination, found);
        const others = await list(destination, abandonedAfter);
        if (!others.some(({ path, live }) => live && path < partial.folder)) {
          return partial;
        }
        await partial.release();
      }
      await delay(poll, undefined, { signal });
    }
  }

  private static async take(destination: string, abandoned: readonly Found[]): Promise<Partial> {
    const own = `${destination}.${host}-${process.pid}-${randomBytes(4).toString('hex')}.part`;
    active.add(own);
    const partial = new Partial(destination, own);
    const [largest, ...rest] = [...abandoned].sort((a, b) => b.size - a.size);
    await Promise.all(rest.map(({ path }) => rm(path, { recursive: true, force: true })));
    if (!largest || !(await renameIfThere(largest.path, own))) {
      await mkdir(own);
    }
    await writeFile(partial.body, '', { flag: 'a' });
    return partial;
  }

  /** Path of the bytes so far. */
  get body(): string {
    return join(this.folder, 'body');
  }

  /** Number of bytes so far. */
  async size(): Promise<number> {
    return (await stat(this.body)).size;
  }

  /** What the server called this version of the file (a strong ETag or a date), or ''. */
  async version(): Promise<string> {
    return (await readIfThere(join(this.folder, 'version'))) ?? '';
  }

  async keepVersion(version: string): Promise<void> {
    await writeFile(join(this.folder, 'version'), version);
  }

  /** Moves the finished bytes to the destination, in one step, and removes the rest. */
  async finish(): Promise<void> {
    await rename(this.body, this.destination);
    await this.discard();
  }

  /** Gives the bytes so far free for whoever goes on. */
  async release(): Promise<void> {
    const size = await this.size().catch(() => 0);
    if (size === 0 || !(await renameIfThere(this.folder, `${this.destination}.part`))) {
      await rm(this.folder, { recursive: true, force: true });
    }
    active.delete(this.folder);
  }

  async discard(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
    active.delete(this.folder);
  }
}

interface Found {
  readonly path: string;
  readonly live: boolean;
  readonly size: number;
}

async function list(destination: string, abandonedAfter: number): Promise<Found[]> {
  const folder = dirname(destination);
  const start = `${basename(destination)}.`;
  const names = (await readdir(folder)).filter((name) => name.startsWith(start) && name.endsWith('.part'));
  const found = await Promise.all(
    names.map(async (name): Promise<Found | null> => {
      const path = join(folder, name);
      const status = await statIfThere(path);
      const body = await statIfThere(join(path, 'body'));
      if (!status) {
        return null;
      }
      // Renaming, which is how a download is taken over, counts as touching here.
      const touched = Math.max(status.ctimeMs, body?.ctimeMs ?? 0);
      const owner = name.slice(start.length, -'.part'.length);
      const live = owner !== '' && Date.now() - touched < abandonedAfter && ownerIsAlive(owner, path);
      return { path, live, size: body?.size ?? 0 };
    }),
  );
  return found.filter((entry) => entry !== null);
}

/** Whether a process may be at work, as far as can be told: those of other machines count as alive. */
function ownerIsAlive(owner: string, path: string): boolean {
  const [machine, pid] = owner.split('-');
  if (machine !== host) {
    return true;
  }
  if (Number(pid) === process.pid) {
    return active.has(path);
  }
  try {
    process.kill(Number(pid), 0);
    return true;
  } catch (error) {
    return codeOf(error) !== 'ESRCH';
  }
}

async function renameIfThere(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if (['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes(codeOf(error) ?? '')) {
      return false;
    }
    throw error;
  }
}

async function statIfThere(path: string) {
  return stat(path).catch(() => undefined);
}

async function readIfThere(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}
