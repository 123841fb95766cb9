import { spawn } from 'node:child_process';
import { request } from 'node:http';
import { join } from 'node:path';
import { runWithoutServer } from '../../../tools/test/app';
import { parseFlags } from '../src/server/flags';
import { serve, type Served } from '../src/server/serve';

jest.setTimeout(60_000);

/** A request with these headers: its status and its answer. */
function ask(url: string, headers: Record<string, string> = {}, method = 'GET'): Promise<[number, string]> {
  return new Promise((resolve, reject) => {
    request(url, { headers, method }, (response) => {
      let text = '';
      response.on('data', (chunk) => (text += chunk));
      response.on('end', () => resolve([response.statusCode!, text]));
    })
      .on('error', reject)
      .end();
  });
}

describe('a site', () => {
  let served: Served;
  beforeAll(async () => {
    const site = new Map([['/', { type: 'text/html; charset=utf-8', body: '<h1>ü</h1>' }]]);
    served = await serve(site, { port: 0, connect: "'none'" });
  });
  afterAll(() => served.close());

  it('is at this machine alone, whatever page asks', async () => {
    expect(served.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/u);
    const own = served.url.slice(0, -1);
    expect(await ask(`${served.url}?a=b`)).toEqual([200, '<h1>ü</h1>']);
    expect(await ask(served.url, { origin: own })).toEqual([200, '<h1>ü</h1>']);
    expect((await ask(served.url, { host: 'evil.example' }))[0]).toBe(403);
    expect((await ask(served.url, { origin: 'http://evil.example' }))[0]).toBe(403);
    expect((await ask(served.url, {}, 'POST'))[0]).toBe(405);
  });

  it('holds nothing but its files', async () => {
    for (const path of ['package.json', '../package.json', '%2e%2e/package.json', 'constructor'])
      expect((await ask(served.url + path))[0]).toBe(404);
  });

  it('cannot have a port that is taken', async () => {
    const port = Number(new URL(served.url).port);
    await expect(serve(new Map(), { port, connect: "'none'" })).rejects.toThrow(`port ${port} is taken`);
  });
});

describe('the command', () => {
  const root = join(__dirname, '../../..');
  const words = ['-C', '@label-relaxation/source', '-r', join(root, 'tools/setup/app.cjs')];
  const main = join(root, 'apps/inspect/src/main.ts');

  it('serves until Ctrl-C, and ends with 130', async () => {
    const command = spawn(process.execPath, [...words, main], { stdio: ['ignore', 'pipe', 'ignore'] });
    const ended = new Promise((resolve) => command.on('exit', resolve));
    const text = await new Promise<string>((resolve) =>
      command.stdout.once('data', (data) => resolve(String(data))),
    );
    const [, url = ''] = /^Inspect predictions: (http:\S+)$/mu.exec(text)!;
    expect((await ask(url))[1]).toContain('<title>Inspect predictions</title>');
    command.kill('SIGINT');
    expect(await ended).toBe(130);
  });

  it('ends with 2 for a wrong flag, which it names', () => {
    const { status, stderr } = runWithoutServer('inspect', ['--prot', '1']);
    expect([status, stderr]).toEqual([2, "Unknown option '--prot'; --help lists the flags\n"]);
  });

  it('takes a port alone', () => {
    expect(parseFlags(['--port', '4000', 'a'])).toEqual({ port: 4000, help: false, words: ['a'], texts: {} });
    expect(parseFlags(['--name=b'], ['name']).texts).toEqual({ name: 'b' });
    expect(() => parseFlags(['--port', '70000'])).toThrow(
      '--port takes a number from 0 to 65535, not "70000"',
    );
  });
});
