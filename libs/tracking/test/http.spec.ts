import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { downloadFile } from '../src/client/artifacts';
import { resolveConnection } from '../src/client/connection';
import { Http } from '../src/client/http';
import { MlflowClient, type ConnectionOptions } from '../src/index';

jest.setTimeout(30_000);

const certificate = JSON.parse(
  readFileSync(join(__dirname, '../../../tools/fixtures/tracking/certificate.json'), 'utf8'),
) as { certificate: string; key: string };

const servers: Server[] = [];
const quick = { backoffMs: 1, timeoutMs: 2000 };
let seen: IncomingMessage[] = [];

type Answer = { status?: number; headers?: Record<string, string>; body?: string };
const EXPERIMENT: Answer = { body: JSON.stringify({ experiment: { experiment_id: '7', name: 'x' } }) };

/** A server that gives the answers one after the other, then the last one for ever. */
async function serve(answers: Answer[], tls = false): Promise<string> {
  let given = 0;
  const listener: RequestListener = (request, response) => {
    seen.push(request);
    const { status = 200, headers = {}, body = '{}' } = answers[Math.min(given, answers.length - 1)] ?? {};
    given += 1;
    request.resume().on('end', () => response.writeHead(status, headers).end(body));
  };
  const server = tls
    ? createTlsServer({ cert: certificate.certificate, key: certificate.key }, listener)
    : createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `${tls ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A server that gives so many bytes of an answer each 20 ms. */
async function trickle(body: Buffer, bytes: number, status = 200): Promise<string> {
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(status, { 'content-length': body.length });
    let sent = 0;
    const timer = setInterval(() => {
      response.write(body.subarray(sent, (sent += bytes)));
      if (sent >= body.length) response.end();
    }, 20);
    response.on('close', () => clearInterval(timer));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function client(trackingUri: string, options: ConnectionOptions = {}): MlflowClient {
  return new MlflowClient({ trackingUri, ...quick, ...options });
}

beforeEach(() => {
  seen = [];
});

afterEach(async () => {
  for (const server of servers.splice(0)) {
    (server as unknown as { closeAllConnections(): void }).closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

describe('addresses', () => {
  it('keeps the base path and no second slash', async () => {
    const uri = await serve([EXPERIMENT]);
    await client(`${uri}/team/mlflow/`).getExperiment('7');
    expect(seen[0]?.url).toBe('/team/mlflow/api/2.0/mlflow/experiments/get?experiment_id=7');
    expect(client(`${uri}/team/`).runUrl('7', 'r')).toBe(
      `${uri}/team/#/experiments/7/runs/r?workflowType=machine_learning`,
    );
  });

  it('says where a redirect leads', async () => {
    const uri = await serve([{ status: 301, headers: { location: 'https://final/' } }]);
    await expect(client(uri).getExperiment('7')).rejects.toThrow('redirects to https://final/');
  });
});

describe('what is sent', () => {
  it('carries credentials and headers, and no Origin', async () => {
    const uri = await serve([EXPERIMENT]);
    await client(uri, {
      username: 'ann',
      password: 'secret',
      token: 'unused',
      headers: { 'X-Team': 'a' },
    }).getExperiment('7');
    await client(uri, { token: 'abc' }).getExperiment('7');
    expect(seen[0]?.headers).toMatchObject({
      authorization: `Basic ${Buffer.from('ann:secret').toString('base64')}`,
      'x-team': 'a',
    });
    expect(seen[0]?.headers.origin).toBeUndefined();
    expect(seen[1]?.headers.authorization).toBe('Bearer abc');
  });

  it('keeps the connection open', async () => {
    const uri = await serve([EXPERIMENT]);
    const one = client(uri);
    for (let i = 0; i < 3; i += 1) await one.getExperiment('7');
    expect(new Set(seen.map(({ socket }) => socket)).size).toBe(1);
  });
});

describe('retries', () => {
  it.each([408, 429, 500, 502, 503, 504])('tries again after %i', async (status) => {
    const uri = await serve([{ status }, { status }, EXPERIMENT]);
    expect((await client(uri).getExperiment('7')).experiment_id).toBe('7');
    expect(seen).toHaveLength(3);
  });

  it('stops after maxRetries', async () => {
    const uri = await serve([{ status: 503, body: 'busy' }]);
    await expect(client(uri, { maxRetries: 2 }).getExperiment('7')).rejects.toThrow(
      'MLflow answered 503: busy',
    );
    expect(seen).toHaveLength(3);
  });

  it('waits as long as Retry-After says, in seconds or as a date', async () => {
    const at = new Date(Date.now() + 2500).toUTCString();
    const uri = await serve([
      { status: 429, headers: { 'retry-after': '1' } },
      { status: 503, headers: { 'retry-after': at } },
      EXPERIMENT,
    ]);
    const begun = Date.now();
    await client(uri).getExperiment('7');
    expect(Date.now()).toBeGreaterThanOrEqual(Math.max(begun + 1000, Date.parse(at)) - 5);
  });

  it('never creates twice when the first answer is in doubt, and does when the server said that it did not', async () => {
    const doubtful = await serve([{ status: 500, body: 'oops' }]);
    await expect(client(doubtful).createExperiment('x')).rejects.toMatchObject({
      status: 500,
      ambiguous: true,
    });
    expect(seen).toHaveLength(1);
    const refused = await serve([{ status: 429 }, { body: '{"experiment_id": "3"}' }]);
    expect(await client(refused).createExperiment('x')).toBe('3');
  });

  it('does not repeat what the server refuses', async () => {
    const uri = await serve([
      { status: 400, body: JSON.stringify({ error_code: 'INVALID_PARAMETER_VALUE', message: 'bad\nmore' }) },
    ]);
    await expect(client(uri).getExperiment('7')).rejects.toMatchObject({
      status: 400,
      code: 'INVALID_PARAMETER_VALUE',
      retryable: false,
      message: 'MLflow answered 400 INVALID_PARAMETER_VALUE: bad',
    });
    expect(seen).toHaveLength(1);
  });

  it('ends at once when aborted, also while it waits', async () => {
    const uri = await serve([{ status: 503, headers: { 'retry-after': '60' } }]);
    const controller = new AbortController();
    const call = client(uri).getExperiment('7', { signal: controller.signal });
    setTimeout(() => controller.abort(new Error('no more')), 50);
    await expect(call).rejects.toThrow('no more');
  });
});

describe('errors', () => {
  it('shows the first line of a page or a text', async () => {
    const page = await serve([
      {
        status: 404,
        headers: { 'content-type': 'text/html' },
        body: '<html><head><title>404 Not Found</title></head></html>',
      },
    ]);
    await expect(client(page).getExperiment('7')).rejects.toThrow(
      `${page} answered 404: 404 Not Found (that is no answer of an MLflow server: another program may have its port`,
    );
    const text = await serve([
      { status: 403, body: 'Invalid Host header - possible DNS rebinding attack detected\nx' },
    ]);
    await expect(client(text).getExperiment('7')).rejects.toThrow(
      'MLflow answered 403: Invalid Host header - possible DNS rebinding attack detected',
    );
  });

  it('says where another program may have the port of a server', async () => {
    const uri = await serve([{ status: 403, body: '' }]);
    await expect(client(uri).getExperiment('7')).rejects.toThrow(
      `${uri} answered 403: Forbidden (that is no answer of an MLflow server: another program may have its port, or the address be another one)`,
    );
  });

  it('tells a server of another kind', async () => {
    const uri = await serve([{ body: '<html><body>Welcome to nginx!</body></html>' }]);
    await expect(client(uri).getExperiment('7')).rejects.toThrow(
      'does not answer as an MLflow server does: "Welcome to nginx!"',
    );
  });

  it.each(['null', '[]', '"fine"', '7'])('tells a server that answers %s', async (body) => {
    const uri = await serve([{ body }]);
    await expect(client(uri).getExperiment('7')).rejects.toThrow('does not answer as an MLflow server does');
  });

  it('advises on credentials', async () => {
    const uri = await serve([{ status: 401, body: 'You are not authenticated.' }]);
    await expect(client(uri).getExperiment('7')).rejects.toThrow('MLFLOW_TRACKING_USERNAME');
  });

  it('names an address where nobody listens', async () => {
    await expect(client('http://127.0.0.1:9', { maxRetries: 0 }).getExperiment('7')).rejects.toThrow(
      /http:\/\/127\.0\.0\.1:9 cannot be reached: .*ECONNREFUSED.*is the server running/,
    );
  });

  it('carry no credentials, however closely they are looked at', async () => {
    const secrets = { username: 'ann', password: 'secret', headers: { 'X-Key': 'secret' } };
    const nobody = client('http://127.0.0.1:9', { maxRetries: 0, ...secrets }).getExperiment('7');
    const error: unknown = await nobody.catch((thrown: unknown) => thrown);
    expect(inspect(error, { depth: Infinity, showHidden: true })).toContain('ECONNREFUSED');
    expect(inspect(error, { depth: Infinity, showHidden: true })).not.toMatch(/secret|YW5u/);
    const uri = await serve([{ status: 301, headers: { location: 'https://ann:secret@final/' } }]);
    await expect(client(uri, secrets).getExperiment('7')).rejects.toThrow('redirects to https://final/');
  });

  it('gives up a server that does not answer', async () => {
    const server = createServer(() => undefined);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const uri = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await expect(client(uri, { timeoutMs: 100, maxRetries: 1 }).getExperiment('7')).rejects.toMatchObject({
      message: `${uri} did not answer within 0.1 s.`,
      ambiguous: true,
    });
    await expect(
      client(uri, { timeoutMs: 100, maxRetries: 0 }).uploadTo('mlflow-artifacts:/0/r', 'x', __filename),
    ).rejects.toThrow('did not answer within 0.1 s');
  });

  it.each([200, 500])('gives up an answer of status %d that comes a byte at a time', async (status) => {
    const uri = await trickle(Buffer.from(`${EXPERIMENT.body}${' '.repeat(1000)}`), 1, status);
    await expect(client(uri, { timeoutMs: 200, maxRetries: 0 }).getExperiment('7')).rejects.toThrow(
      'did not answer within 0.2 s',
    );
  });

  it('gives up an artifact that comes a byte at a time, and waits for one that is only large', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tracking-trickle-'));
    const file = join(folder, 'file');
    const root = 'mlflow-artifacts:/0/r';
    const bytes = Buffer.alloc(1 << 20, 'x');
    const http = (trackingUri: string, timeoutMs: number) =>
      new Http(resolveConnection({ trackingUri, timeoutMs, maxRetries: 0 }));
    try {
      const slow = http(await trickle(bytes, 1), 200);
      await expect(downloadFile(slow, root, 'x', file)).rejects.toThrow(
        'The artifact x cannot be downloaded: the server stopped sending',
      );
      expect(readdirSync(folder)).toEqual([]);
      const steady = http(await trickle(bytes, 1 << 15), 500);
      const start = performance.now();
      await downloadFile(steady, root, 'x', file);
      expect(performance.now() - start).toBeGreaterThan(500);
      expect(readFileSync(file).equals(bytes)).toBe(true);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('TLS', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tracking-tls-'));
  const ca = join(folder, 'ca.pem');

  beforeAll(() => writeFileSync(ca, certificate.certificate));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('refuses an unknown authority and says what to set', async () => {
    const uri = await serve([EXPERIMENT], true);
    await expect(client(uri).getExperiment('7')).rejects.toThrow('MLFLOW_TRACKING_SERVER_CERT_PATH');
    expect(seen).toHaveLength(0);
  });

  it('takes the authority that is named, or any', async () => {
    const uri = await serve([EXPERIMENT], true);
    expect((await client(uri, { serverCertPath: ca }).getExperiment('7')).name).toBe('x');
    expect((await client(uri, { insecureTls: true }).getExperiment('7')).name).toBe('x');
  });

  it('names a certificate that cannot be read', () => {
    expect(() => client('https://host', { serverCertPath: '/nowhere.pem' })).toThrow(
      '/nowhere.pem cannot be read',
    );
  });
});

describe('pages', () => {
  it('are read to the last one', async () => {
    const page = (id: string, next?: string) => ({
      body: JSON.stringify({
        experiments: [{ experiment_id: id, name: id }],
        ...(next === undefined ? {} : { next_page_token: next }),
      }),
    });
    const uri = await serve([page('1', 'a'), page('2', 'b'), page('3', '')]);
    const ids: string[] = [];
    for await (const { experiment_id: id } of client(uri).searchExperiments()) ids.push(id);
    expect(ids).toEqual(['1', '2', '3']);
  });

  it.each<[string, (client: MlflowClient) => Promise<unknown>]>([
    ['experiments/search', (c) => c.searchExperiments().next()],
    ['runs/search', (c) => c.searchRuns(['1']).next()],
    ['metrics/get-history', (c) => c.getMetricHistory('r', 'loss')],
    ['artifacts/list', (c) => c.listArtifacts('r')],
    ['logged-models/search', (c) => c.searchLoggedModels(['1'])],
    ['logged-models/{model_id}/artifacts/directories', (c) => c.listLoggedModelArtifacts('m')],
    ['model-versions/search', (c) => c.searchModelVersions("name = 'a'")],
  ])('that never end are an error: %s', async (path, call) => {
    const uri = await serve([
      { body: '{"next_page_token": "x"}' },
      { body: '{"next_page_token": "y"}' },
      { body: '{"next_page_token": "x"}' },
    ]);
    await expect(call(client(uri))).rejects.toThrow(
      `${uri} answers ${path} with the page token "x" again and again: its pages have no end.`,
    );
    expect(seen).toHaveLength(3);
  });
});
