import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { processIdentity } from '../../libs/runtime/setup/process/identity.cjs';
import { answersHealth } from './launch.cjs';
import { ensureServer, placeIn, portWords, serverStatus, stopServer, writeRecord } from './server.cjs';

const limit = 180_000;

describe("a checkout's MLflow server", () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'label-relaxation-server-'));
  });
  afterEach(async () => {
    await stopServer({ directory });
    rmSync(directory, { recursive: true });
  }, limit);

  it(
    'is one, however many ask, beside whatever holds its port, until it is stopped',
    async () => {
      const other = createServer();
      await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
      const firstPort = (other.address() as AddressInfo).port;
      const said: string[] = [];
      const say = (line: string) => void said.push(line);
      try {
        const [one, two] = await Promise.all([
          ensureServer({ directory, firstPort, say }),
          ensureServer({ directory, firstPort, say }),
        ]);
        expect(said).toEqual(Array(2).fill('Starting the MLflow server, which may take half a minute'));
        expect(one.port).toBeGreaterThan(firstPort);
        expect(two.pid).toBe(one.pid);
        expect([one.started, two.started].sort()).toEqual([false, true]);
        expect(await serverStatus({ directory })).toMatchObject({ answers: true, server: { uri: one.uri } });

        expect(await stopServer({ directory })).toMatchObject({ pid: one.pid });
        expect(await answersHealth(one.uri)).toBe(false);
        expect(processIdentity(one.pid)).toBeNull();
        expect(other.listening).toBe(true);
        expect(existsSync(join(directory, 'mlflow.db'))).toBe(true);
        expect(await serverStatus({ directory })).toBeNull();
      } finally {
        other.close();
      }
    },
    limit,
  );

  it('says where it is not on the usual port', () => {
    expect([5000, 5001].map(portWords)).toEqual(['', '; port 5000 was taken']);
  });

  it('does not stop, or believe in, a process that only has the number of a former server', async () => {
    const bystander = spawn('sleep', ['600']);
    const record = { port: 5000, uri: 'http://127.0.0.1:5000', startedAt: new Date().toISOString() };
    writeRecord(placeIn(directory), { ...record, pid: bystander.pid ?? 0, identity: 'of a former server' });
    expect(await serverStatus({ directory })).toBeNull();
    expect(await stopServer({ directory })).toBeNull();
    expect(existsSync(placeIn(directory).record)).toBe(false);
    expect(processIdentity(bystander.pid ?? 0)).not.toBeNull();
    bystander.kill();
  });

  it(
    'is started anew where one that hangs holds the record',
    async () => {
      const hanging = spawn('sleep', ['600'], { detached: true });
      const pid = hanging.pid ?? 0;
      const record = { port: 1, uri: 'http://127.0.0.1:1', startedAt: new Date().toISOString() };
      writeRecord(placeIn(directory), { ...record, pid, identity: processIdentity(pid) ?? '' });
      const server = await ensureServer({ directory, firstPort: 5200, patience: 500 });
      expect(server.started).toBe(true);
      expect(await answersHealth(server.uri)).toBe(true);
      expect(processIdentity(pid)).toBeNull();
    },
    limit,
  );
});
