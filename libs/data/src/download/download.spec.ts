import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { FileServer, Handler } from '../../test/file-server';
import { serve, startServer } from '../../test/file-server';
import { newFolder, removeFolders } from '../../test/folders';
import { md5 } from '../../test/small-sets';
import { fileChecksum } from '../catalogue/checksum';
import { DataError } from '../errors';
import type { DownloadOptions, DownloadProgress, Patience } from './download';
import { download } from './download';

const content = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * i) % 251));
const half = content.length / 2;
const patience: Patience = { silence: 200, retries: 2, pause: 1, poll: 10, abandonedAfter: 60_000 };

let server: FileServer;
let answer: Handler;
let folder: string;

beforeEach(async () => {
  folder = newFolder();
  server = await startServer((request, response) => answer(request, response));
});

afterEach(async () => {
  await server.stop();
  removeFolders();
});

async function verify(path: string): Promise<void> {
  const found = await fileChecksum(path);
  if (found !== md5(content)) {
    throw new DataError(`${path}: has other bytes`);
  }
}

/** Answers each request by the next handler, the last one repeatedly. */
function answerBy(...handlers: Handler[]): void {
  let next = 0;
  answer = (request, response) => handlers[Math.min(next++, handlers.length - 1)]!(request, response);
}

/** Downloads `file` from a server that answers so. */
async function run(handlers: readonly Handler[], options: Partial<DownloadOptions> = {}): Promise<void> {
  answerBy(...handlers);
  await download({
    address: `${server.address}file`,
    destination: join(folder, 'file'),
    verify,
    patience,
    ...options,
  });
}

function expectComplete() {
  expect(readFileSync(join(folder, 'file')).equals(content)).toBe(true);
  expect(readdirSync(folder)).toEqual(['file']);
}

/** Puts an unfinished download into the folder, abandoned or under the name of an owner. */
function leave(bytes: Buffer, version = '"one"', owner?: string) {
  const partial = join(folder, owner ? `file.${owner}.part` : 'file.part');
  mkdirSync(partial);
  writeFileSync(join(partial, 'body'), bytes);
  writeFileSync(join(partial, 'version'), version);
}

/** Which bytes the server was asked for. */
function ranges() {
  return server.requests.map(({ headers }) => headers.range ?? null);
}

/** A range from any byte but the first: how much of what was sent is kept before a break depends on the moment. */
const someOfIt = expect.stringMatching(/^bytes=[1-9]\d*-$/) as string;

const status =
  (code: number): Handler =>
  (_, response) =>
    response.writeHead(code).end('an error page');

/** Sends the first half and then does something else. */
const halfThen =
  (then: (response: ServerResponse) => void): Handler =>
  (_, response) => {
    response.writeHead(200, { etag: '"one"', 'content-length': content.length });
    response.write(content.subarray(0, half), () => setTimeout(() => then(response), 100));
  };

describe('download', () => {
  it('gets a file whole and tells how far it is', async () => {
    const progress: DownloadProgress[] = [];
    await run([serve(content)], { onProgress: (step) => progress.push(step) });
    expectComplete();
    expect(progress.at(-1)).toEqual({
      file: 'file',
      address: `${server.address}file`,
      received: content.length,
      total: content.length,
    });
    expect(progress.map(({ received }) => received)).toEqual(
      progress.map(({ received }) => received).toSorted((a, b) => a - b),
    );
  });

  it('knows no total where the server tells none', async () => {
    const progress: DownloadProgress[] = [];
    await run([(_, response) => response.writeHead(200).end(content)], {
      onProgress: (step) => progress.push(step),
    });
    expectComplete();
    expect(progress.at(-1)).toMatchObject({ received: content.length, total: null });
  });

  it('follows redirects, but not for ever', async () => {
    const elsewhere: Handler = (_, response) => response.writeHead(302, { location: '/other' }).end();
    await run([elsewhere, serve(content)]);
    expect(server.requests.map(({ url }) => url)).toEqual(['/file', '/other']);
    expectComplete();
    await expect(run([elsewhere])).rejects.toThrow('cannot be downloaded: it redirects more than 5 times');
  });

  it('makes the folder', async () => {
    folder = join(folder, 'a', 'b');
    await run([serve(content)]);
    expectComplete();
  });

  it('replaces a file that was there', async () => {
    writeFileSync(join(folder, 'file'), 'damaged');
    await run([serve(content)]);
    expectComplete();
  });
});

describe('download goes on', () => {
  it.each([
    ['a reset connection', halfThen((response) => response.socket!.resetAndDestroy())],
    ['an answer that is cut off', halfThen((response) => response.destroy())],
    ['silence', halfThen(() => undefined)],
  ])('after %s, from where it was', async (_, broken) => {
    await run([broken, serve(content)]);
    expect(ranges()).toEqual([null, someOfIt]);
    expect(server.requests[1]!.headers['if-range']).toBe('"one"');
    expectComplete();
  });

  it('after errors of the server that may pass', async () => {
    await run([status(503), status(429), serve(content)]);
    expect(server.requests).toHaveLength(3);
    expectComplete();
  });

  it('as long as each attempt brings something', async () => {
    const step = content.length / 10;
    const little: Handler = (request, response) => {
      const start = Number(/\d+/.exec(request.headers.range ?? '0')![0]);
      const range = { 'content-range': `bytes ${start}-${content.length - 1}/${content.length}` };
      response.writeHead(start ? 206 : 200, {
        'content-length': content.length - start,
        ...(start && range),
      });
      response.write(content.subarray(start, start + step), () =>
        setTimeout(() => (start + step === content.length ? response.end() : response.destroy()), 50),
      );
    };
    await run([little]);
    expect(server.requests.length).toBeGreaterThanOrEqual(10);
    expectComplete();
  });

  it('with what an earlier run left', async () => {
    leave(content.subarray(0, 1_000));
    await run([serve(content)]);
    expect(ranges()).toEqual(['bytes=1000-']);
    expectComplete();
  });

  it('with what a process that is gone left, and removes the rest', async () => {
    const gone = spawn(process.execPath, ['-e', '']);
    await once(gone, 'exit');
    const host = hostname().replace(/[^\w]/g, '_');
    leave(content.subarray(0, 10), '"one"', `${host}-${gone.pid}-0a`);
    leave(content.subarray(0, 70_000), '"one"', `${host}-${gone.pid}-0b`);
    await run([serve(content)]);
    expect(ranges()).toEqual(['bytes=70000-']);
    expectComplete();
  });

  it('with what another machine left long ago', async () => {
    leave(content.subarray(0, 500), '"one"', 'elsewhere-1-0a');
    await delay(30);
    await run([serve(content)], { patience: { ...patience, abandonedAfter: 10 } });
    expect(ranges()).toEqual(['bytes=500-']);
    expectComplete();
  });

  it('with all bytes there already', async () => {
    leave(content);
    await run([serve(content)]);
    expect(ranges()).toEqual([`bytes=${content.length}-`]);
    expectComplete();
  });
});

describe('download begins again', () => {
  it('if the server has another version now', async () => {
    leave(Buffer.alloc(1_000, 'old'), '"zero"');
    await run([serve(content)]);
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]!.headers['if-range']).toBe('"zero"');
    expectComplete();
  });

  it('if what was left turns out wrong', async () => {
    leave(Buffer.alloc(1_000, 'bad'), '');
    await run([serve(content)]);
    expect(ranges()).toEqual(['bytes=1000-', null]);
    expectComplete();
  });

  it('if what was left is longer than the file', async () => {
    leave(Buffer.alloc(content.length + 1));
    await run([serve(content)]);
    expect(ranges()).toEqual([`bytes=${content.length + 1}-`, null]);
    expectComplete();
  });

  it('if the server sends another range than the one asked for', async () => {
    leave(content.subarray(0, 1_000));
    const other: Handler = (_, response) =>
      response.writeHead(206, { 'content-range': `bytes 5-9/${content.length}` }).end('wrong');
    await run([other, serve(content)]);
    expect(ranges()).toEqual(['bytes=1000-', null]);
    expectComplete();
  });
});

describe('download fails', () => {
  it('at once where the file is not there', async () => {
    await expect(run([status(404)])).rejects.toThrow(
      new DataError(
        `${server.address}file: cannot be downloaded: it answered 404 Not Found; try again later (what came so far ` +
          'is kept), or get the file in another way and give its folder (--data_dir).',
      ),
    );
    expect(server.requests).toHaveLength(1);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('after some attempts that bring nothing', async () => {
    await expect(run([status(500)])).rejects.toThrow('it answered 500 Internal Server Error');
    expect(server.requests).toHaveLength(1 + patience.retries);
  });

  it('when nothing comes, however often it asks', async () => {
    await expect(run([() => undefined])).rejects.toThrow('cannot be downloaded: nothing came for 0.2 s');
    expect(server.requests).toHaveLength(1 + patience.retries);
  });

  it('when there is no server, or no such machine', async () => {
    const { address } = server;
    await server.stop();
    const options = { destination: join(folder, 'file'), verify, patience };
    await expect(download({ ...options, address })).rejects.toThrow(/cannot be downloaded: .*ECONNREFUSED/);
    await expect(download({ ...options, address: 'http://nowhere.invalid/' })).rejects.toThrow(
      /cannot be downloaded: getaddrinfo E\w+ nowhere\.invalid/,
    );
  });

  it('with bytes that are not the wanted ones, and keeps nothing of them', async () => {
    await expect(run([serve(Buffer.alloc(10))])).rejects.toThrow(
      new DataError(
        `${server.address}file: the download is not right and was thrown away. what came: has other bytes`,
      ),
    );
    expect(server.requests).toHaveLength(1);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('and keeps what came for the next time', async () => {
    await expect(run([halfThen((response) => response.destroy()), status(500)])).rejects.toThrow(DataError);
    expect(readdirSync(folder)).toEqual(['file.part']);
    await run([serve(content)]);
    expect(ranges().at(-1)).toEqual(someOfIt);
    expectComplete();
  });

  it('with the reason of its signal, and keeps what came', async () => {
    const stop = new AbortController();
    const reason = new Error('enough');
    const broken = halfThen(() => stop.abort(reason));
    await expect(
      run([broken], { signal: stop.signal, patience: { ...patience, silence: 10_000 } }),
    ).rejects.toBe(reason);
    expect(readdirSync(folder)).toEqual(['file.part']);
  });

  it('with the reason of its signal while it waits for another attempt', async () => {
    const reason = new Error('enough');
    const stop = new AbortController();
    setTimeout(() => stop.abort(reason), 100);
    await expect(
      run([status(500)], { signal: stop.signal, patience: { ...patience, pause: 60_000 } }),
    ).rejects.toBe(reason);
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('several downloads of the same file', () => {
  const slowly: Handler = (request, response) => setTimeout(() => serve(content)(request, response), 100);

  it('in one process are one download', async () => {
    await Promise.all([run([slowly]), run([slowly]), run([slowly])]);
    expect(server.requests).toHaveLength(1);
    expectComplete();
  });

  it('go on when the one that was at it fails', async () => {
    const handlers = [status(404), serve(content)];
    const results = await Promise.allSettled([run(handlers), run(handlers)]);
    expect(results.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected']);
    expectComplete();
  });

  const children: ChildProcess[] = [];
  afterEach(() => children.splice(0).forEach((child) => child.kill('SIGKILL')));

  function startChild(): ChildProcess {
    const root = join(__dirname, '../../../..');
    const args = ['-r', 'ts-node/register', join(__dirname, '../../test/download-child.ts')];
    const child = spawn(
      process.execPath,
      [...args, `${server.address}file`, join(folder, 'file'), md5(content)],
      {
        cwd: root,
        env: { ...process.env, TS_NODE_PROJECT: join(root, 'tsconfig.base.json') },
        stdio: ['ignore', 'ignore', 'inherit'],
      },
    );
    children.push(child);
    return child;
  }

  it('in several processes all succeed', async () => {
    answerBy(slowly);
    const started = [1, 2, 3].map(startChild);
    const codes = await Promise.all(started.map(async (child) => (await once(child, 'exit'))[0] as number));
    expect(codes).toEqual([0, 0, 0]);
    expectComplete();
  }, 60_000);

  it('go on with what a killed process had', async () => {
    answerBy(
      halfThen(() => undefined),
      serve(content),
    );
    const child = startChild();
    await untilSize(half);
    child.kill('SIGKILL');
    await once(child, 'exit');
    await download({ address: `${server.address}file`, destination: join(folder, 'file'), verify, patience });
    expect(ranges()).toEqual([null, `bytes=${half}-`]);
    expectComplete();
  }, 60_000);

  /** Waits until the unfinished download has so many bytes on disk. */
  async function untilSize(size: number): Promise<void> {
    for (let tries = 0; tries < 3_000; tries++) {
      const partial = readdirSync(folder).map((name) => join(folder, name, 'body'))[0];
      if (partial && (statSync(partial, { throwIfNoEntry: false })?.size ?? 0) >= size) {
        return;
      }
      await delay(10);
    }
    throw new Error('The other process downloads nothing.');
  }
});

it('never leaves a file that is not complete at the destination', async () => {
  const seen: string[][] = [];
  await run([halfThen((response) => (seen.push(readdirSync(folder)), response.destroy())), serve(content)]);
  expect(seen).toEqual([[expect.stringMatching(/^file\..+\.part$/)]]);
});
