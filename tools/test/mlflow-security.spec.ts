import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { networkInterfaces } from 'node:os';
import { connect } from 'node:net';
import { startMlflowServer, type MlflowServer } from './services';

let server: MlflowServer;
beforeAll(async () => (server = await startMlflowServer()), 300_000);
afterAll(() => server.stop());

/** The status of the server's answer to a request with these headers, and its words. */
function answer(
  method: string,
  path: string,
  headers: Record<string, string>,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port: server.port, method, path, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    sent.on('error', reject);
    sent.end(method === 'GET' ? undefined : '{"name":"planted"}');
  });
}

const json = { 'content-type': 'application/json' };
const search = '/api/2.0/mlflow/experiments/search?max_results=10';
const create = '/api/2.0/mlflow/experiments/create';

it('listens on 127.0.0.1 alone', async () => {
  const port = server.port.toString(16).toUpperCase().padStart(4, '0');
  const listening = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .map((line) => line.trim().split(/\s+/u))
      .filter(([, local, , state]) => local?.endsWith(`:${port}`) && state === '0A')
      .map(([, local]) => local),
  );
  expect(listening).toEqual([`0100007F:${port}`]);
  const outside = Object.values(networkInterfaces())
    .flat()
    .find((one) => one && !one.internal && one.family === 'IPv4');
  if (outside === undefined) return;
  const refused = await new Promise<boolean>((resolve) => {
    const socket = connect(server.port, outside.address, () => resolve(false)).on('error', () =>
      resolve(true),
    );
    socket.on('close', () => socket.destroy());
  });
  expect(refused).toBe(true);
});

it.each([
  'evil.example',
  'evil.example:5000',
  '10.evil.example',
  '127.0.0.1.evil.example',
  '192.168.0.7',
  '10.0.0.1:80',
])('refuses the host %s, as a name that was bound anew brings it', async (host) => {
  expect(await answer('GET', search, { host })).toMatchObject({
    status: 403,
    text: expect.stringContaining('Invalid Host'),
  });
  expect((await answer('POST', create, { host, ...json })).status).toBe(403);
});

it.each(['https://evil.example', 'http://evil.example:5000', 'http://127.0.0.1.evil.example', 'null'])(
  'refuses what a page of %s would change',
  async (origin) => {
    for (const path of [create, '/ajax-api/2.0/mlflow/experiments/create']) {
      expect(await answer('POST', path, { origin, ...json })).toMatchObject({
        status: 403,
        text: expect.stringContaining('Cross-origin'),
      });
    }
    const { text } = await answer('GET', search, {});
    expect(text).not.toContain('planted');
  },
);

it.each([
  '/api/2.0/mlflow-artifacts/artifacts/../mlflow.db',
  '/api/2.0/mlflow-artifacts/artifacts/%2e%2e/mlflow.db',
  '/api/2.0/mlflow-artifacts/artifacts/..%2fmlflow.db',
  '/api/2.0/mlflow-artifacts/artifacts/%252e%252e/mlflow.db',
  '/static-files/../../../../../../etc/passwd',
  '/static-files/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd',
])('serves no file outside of its folder: %s', async (path) => {
  const { status, text } = await answer('GET', path, {});
  expect(text).not.toMatch(/SQLite format|root:/u);
  expect(status).toBeGreaterThanOrEqual(400);
});

it('answers its own pages and clients', async () => {
  const origin = server.uri;
  expect((await answer('POST', '/ajax-api/2.0/mlflow/experiments/create', { origin, ...json })).status).toBe(
    200,
  );
  expect((await answer('GET', search, { host: `localhost:${server.port}` })).status).toBe(200);
});
