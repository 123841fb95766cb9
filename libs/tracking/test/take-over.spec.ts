import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startMlflowServer, type MlflowServer } from '../../../tools/test/services';
import { MlflowClient, resumeRun, startRun, syncJournal, type ResumeOptions, type Run } from '../src/index';
import { FaultProxy } from '../../../tools/test/fault-proxy';
import { runProgram, temporaryFolder, until } from './support/workspace';

jest.setTimeout(120_000);

let server: MlflowServer;
let client: MlflowClient;
let proxy: FaultProxy;
let folder: { path: string; remove: () => void };

beforeAll(async () => {
  server = await startMlflowServer({ shared: true });
  client = new MlflowClient({ trackingUri: server.uri });
});

afterAll(() => server.stop());

beforeEach(async () => {
  folder = temporaryFolder();
  proxy = new FaultProxy(server.uri);
  await proxy.listen();
});

afterEach(async () => {
  await proxy.close();
  folder.remove();
});

const experimentName = `take-over ${process.pid} ${Date.now()}`;

function options(machine: string, more: ResumeOptions = {}): ResumeOptions & { journalDir: string } {
  const journalDir = join(folder.path, machine);
  return { trackingUri: server.uri, journalDir, flushIntervalMs: 20, backoffMs: 5, ...more };
}

/** All that the server has of a run. */
async function stored(runId: string): Promise<object> {
  const run = await client.getRun(runId);
  const keys = run.data.metrics.map(({ key }) => key).sort();
  const histories = await Promise.all(keys.map((key) => client.getMetricHistory(runId, key)));
  return { run, histories, files: await client.listArtifacts(runId) };
}

async function stepsOf(runId: string, key: string): Promise<number[]> {
  return (await client.getMetricHistory(runId, key)).map(({ step }) => step);
}

const countTo = (end: number) => Array.from({ length: end }, (_, step) => step);

describe('a run that is taken over', () => {
  it('from a frozen process has all that it had logged, each once, and nothing of what it logs when it wakes', async () => {
    const permit = join(folder.path, 'permit');
    writeFileSync(permit, '');
    const { journalDir } = options('here');
    const { child, lines } = runProgram('logging-client', {
      ...{ trackingUri: server.uri, journalDir, experimentName, flushIntervalMs: 20, permit },
    });
    await until(() => lines.length > 300);
    child.kill('SIGSTOP');
    rmSync(permit);
    const runId = lines[0] as string;
    await expect(resumeRun(runId, options('here'))).rejects.toThrow(
      `is being logged by process ${child.pid}`,
    );

    const run = await resumeRun(runId, options('here', { takeOver: true }));
    expect(() => run.logParam('seed', 1)).toThrow('The param "seed" was logged as "0"');
    run.logMetric('score', 1, 0);
    run.logText('of the new one', 'notes.txt');
    expect(await run.end()).toMatchObject({ waiting: 0, rejected: 0 });
    const logged = (await stepsOf(runId, 'loss')).sort((a, b) => a - b);
    expect(logged.length).toBeGreaterThan(lines.length - 10);
    expect(logged).toEqual(countTo(logged.length));
    expect((await stepsOf(runId, 'accuracy')).length).toBe(logged.length);

    const before = await stored(runId);
    const heard = lines.length;
    child.kill('SIGCONT');
    await until(() => lines.length > heard + 300);
    child.kill('SIGKILL');
    expect(await stored(runId)).toEqual(before);
    expect(readdirSync(journalDir)).toEqual([]);
    expect(await syncJournal(options('here'))).toEqual({ runs: [], waiting: 0 });
  });

  it('from another machine gets nothing more from there, by whatever way', async () => {
    const lost = await startRun({ ...options('there', { trackingUri: proxy.uri }), experimentName });
    await lost.end('KILLED');
    const again = await resumeRun(lost.id, options('there', { trackingUri: proxy.uri, takeOver: true }));
    await again.flush();
    await leaveWaiting(again);

    const here = await resumeRun(lost.id, options('here', { takeOver: true }));
    here.logMetric('loss', 0.5, 1);
    await here.end();
    const before = await stored(lost.id);
    const synced = await syncJournal(options('there'));
    expect(synced).toMatchObject({
      waiting: 0,
      runs: [{ outcome: 'superseded', waiting: 0, reason: expect.stringContaining('took the run') }],
    });
    expect(await stored(lost.id)).toEqual(before);
    expect(readdirSync(options('there').journalDir)).toEqual([]);
  });

  it('and back again has of the first machine what was sent before', async () => {
    const first = await startRun({ ...options('there'), experimentName });
    first.logMetric('loss', 1, 0);
    await first.end('KILLED');
    await leaveWaiting(
      await resumeRun(first.id, options('there', { trackingUri: proxy.uri, takeOver: true })),
    );
    await (await resumeRun(first.id, options('here', { takeOver: true }))).end('KILLED');
    const back = await resumeRun(first.id, options('there', { takeOver: true }));
    back.logMetric('loss', 0.25, 2);
    await back.end();
    expect(await stepsOf(first.id, 'loss')).toEqual([0, 2]);
  });

  it('twice on one machine hands on what waits, with its files', async () => {
    const first = await startRun({ ...options('here'), experimentName });
    await first.end('KILLED');
    const second = await resumeRun(first.id, options('here', { trackingUri: proxy.uri, takeOver: true }));
    second.logText('kept', 'notes.txt');
    await leaveWaiting(second);
    const third = await resumeRun(first.id, options('here', { takeOver: true }));
    await third.end();
    expect(await stepsOf(first.id, 'loss')).toEqual([1]);
    expect((await client.listArtifacts(first.id)).map(({ path }) => path)).toEqual(['notes.txt']);
    expect((await client.getRun(first.id)).info.status).toBe('FINISHED');
  });

  it('is as before where the server fails', async () => {
    const first = await startRun({ ...options('here'), experimentName });
    await first.end('KILLED');
    const cut = await resumeRun(first.id, options('here', { trackingUri: proxy.uri, takeOver: true }));
    await leaveWaiting(cut);
    const [journal] = readdirSync(options('here').journalDir);
    proxy.decide = ({ url }) => (url.endsWith('set-tag') ? { kind: 'answer', status: 403 } : undefined);
    const failing = resumeRun(first.id, options('here', { trackingUri: proxy.uri, takeOver: true }));
    await expect(failing).rejects.toThrow('403');
    expect(readdirSync(options('here').journalDir)).toEqual([journal]);
    await expect(resumeRun(first.id, options('here', { offline: true, takeOver: true }))).rejects.toThrow(
      'not offline',
    );
  });
});

/** Logs a point that does not get through, and ends the run. */
async function leaveWaiting(run: Run): Promise<void> {
  await run.flush();
  await proxy.close();
  run.logMetric('loss', 0.75, 1);
  expect((await run.end('KILLED', { timeoutMs: 100 })).waiting).toBeGreaterThan(1);
  await proxy.listen();
}
