import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { RunError, UsageError } from '../errors';
import { ensureTrackingServer, serverVariable } from './ensure-server';

describe('ensureTrackingServer', () => {
  const before = process.env;
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ensure-server-'));
    process.env = { ...before };
    delete process.env['MLFLOW_TRACKING_URI'];
    delete process.env[serverVariable];
  });
  afterEach(() => {
    process.env = before;
    rmSync(folder, { recursive: true });
  });

  /** Names a program that starts a server; it leaves the file `asked`. */
  function serverProgram(script: string): void {
    const file = join(folder, 'server.cjs');
    const asked = JSON.stringify(join(folder, 'asked'));
    writeFileSync(file, `require('node:fs').writeFileSync(${asked}, process.argv[2]);\n${script}`);
    process.env[serverVariable] = file;
  }
  const wasAsked = () => existsSync(join(folder, 'asked'));

  it('names the server that the program starts to all that follows', async () => {
    serverProgram(`console.log('http://127.0.0.1:9');`);
    await ensureTrackingServer(null);
    expect(process.env['MLFLOW_TRACKING_URI']).toBe('http://127.0.0.1:9');
  });

  it('starts none where one is named', async () => {
    serverProgram('');
    await ensureTrackingServer('http://127.0.0.1:1');
    process.env['MLFLOW_TRACKING_URI'] = 'http://127.0.0.1:2';
    await ensureTrackingServer(undefined);
    expect(process.env['MLFLOW_TRACKING_URI']).toBe('http://127.0.0.1:2');
    expect(wasAsked()).toBe(false);
  });

  it('takes it for a mistake of the user where there is none, or its name is no address', async () => {
    await expect(ensureTrackingServer(null)).rejects.toThrow(UsageError);
    await expect(ensureTrackingServer(null)).rejects.toThrow(
      /no tracking server is named: give --tracking_uri/,
    );
    process.env['MLFLOW_TRACKING_URI'] = 'foo';
    await expect(ensureTrackingServer(null)).rejects.toThrow(
      new UsageError('The tracking URI "foo" is not an address: use one such as http://127.0.0.1:5000.'),
    );
  });

  it('fails where the program does', async () => {
    serverProgram('process.exit(1)');
    await expect(ensureTrackingServer(null)).rejects.toThrow(RunError);
    expect(process.env['MLFLOW_TRACKING_URI']).toBeUndefined();
  });

  it('waits no longer when it is stopped', async () => {
    serverProgram('setInterval(() => undefined, 1000)');
    const controller = new AbortController();
    const ensured = ensureTrackingServer(null, controller.signal);
    while (!wasAsked()) await delay(20);
    controller.abort(new Error('enough'));
    await expect(ensured).rejects.toThrow('enough');
  });
});
