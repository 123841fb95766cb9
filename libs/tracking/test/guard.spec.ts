import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createTcpServer, connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startMlflowServer, type MlflowServer } from '../../../tools/test/services';
import { MlflowClient, MlflowError } from '../src/index';

jest.setTimeout(120_000);

const lost = new MlflowError('the work went to another process');

/** A server that counts the requests, and the bytes of them, that reached it. */
function counting(): { server: Server; heard: { requests: number; bytes: number } } {
  const heard = { requests: 0, bytes: 0 };
  const server = createServer((request, response) => {
    heard.requests += 1;
    request.on('error', () => undefined);
    request.on('data', (chunk: Buffer) => (heard.bytes += chunk.length));
    request.on('end', () => response.end('{"run": {"info": {}}}'));
  });
  return { server, heard };
}

async function listen(server: {
  listen(port: number, host: string, done: () => void): unknown;
  address(): unknown;
}) {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

describe('beforeSend', () => {
  it('ends a call before anything of it is sent, with what it threw, and asks again at the next one', async () => {
    const { server, heard } = counting();
    const trackingUri = `http://127.0.0.1:${await listen(server)}`;
    let held = true;
    const client = new MlflowClient({
      trackingUri,
      beforeSend: () => {
        if (!held) throw lost;
      },
    });
    await client.setTag('r', 'a', 'b');
    held = false;
    await expect(client.setTag('r', 'a', 'b')).rejects.toBe(lost);
    expect(heard.requests).toBe(1);
    held = true;
    await client.setTag('r', 'a', 'b');
    expect(heard.requests).toBe(2);
    server.closeAllConnections();
    server.close();
  });

  it('holds back what was ready while the connection was still to be made', async () => {
    const { server, heard } = counting();
    const trackingUri = `http://127.0.0.1:${await listen(server)}`;
    let asked = 0;
    const client = new MlflowClient({
      trackingUri,
      // The first two times are the call and the bytes for the connection to come.
      beforeSend: () => {
        if ((asked += 1) > 2) throw lost;
      },
    });
    await expect(client.setTag('r', 'a', 'b')).rejects.toBe(lost);
    expect(asked).toBe(3);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(heard.requests).toBe(0);
    server.closeAllConnections();
    server.close();
  });
});

describe('an upload that is held back half-way', () => {
  let mlflow: MlflowServer;
  let folder: string;

  beforeAll(async () => {
    mlflow = await startMlflowServer({ shared: true });
    folder = mkdtempSync(join(tmpdir(), 'tracking-guard-'));
  });

  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await mlflow.stop();
  });

  it('leaves what another process has stored in its place', async () => {
    const direct = new MlflowClient({ trackingUri: mlflow.uri });
    const { experiment_id: experimentId } = await direct.getOrCreateExperiment(`guard ${process.pid}`);
    const { info } = await direct.createRun({ experimentId, startTime: Date.now() });
    const file = join(folder, 'model.bin');
    writeFileSync(file, randomBytes(8_000_000));

    // A wire that takes bytes on only as far as the test lets it, as that of a frozen process.
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    let passed = 0;
    const wire = createTcpServer((socket) => {
      const onward = connect(mlflow.port, '127.0.0.1');
      for (const end of [socket, onward]) end.on('error', () => undefined);
      onward.pipe(socket);
      socket.on('close', () => onward.destroy());
      socket.on('data', (chunk: Buffer) => {
        onward.write(chunk);
        passed += chunk.length;
        if (passed < 1_000_000) return;
        socket.pause();
        void released.then(() => socket.resume());
      });
    });
    let held = true;
    const frozen = new MlflowClient({
      trackingUri: `http://127.0.0.1:${await listen(wire)}`,
      beforeSend: () => {
        if (!held) throw lost;
      },
    });
    const upload = frozen.uploadTo(info.artifact_uri, 'model.bin', file, { retries: 0 });
    const outcome = upload.then(
      () => 'stored',
      (error: unknown) => error,
    );
    while (passed < 1_000_000) await new Promise((resolve) => setTimeout(resolve, 5));
    await direct.uploadBytes(info.run_id, 'model.bin', Buffer.from('of the other process'));
    held = false;
    release();
    expect(await outcome).toBe(lost);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await direct.listArtifacts(info.run_id)).toEqual([
      { path: 'model.bin', is_dir: false, file_size: 'of the other process'.length },
    ]);
    wire.close();
  });
});
