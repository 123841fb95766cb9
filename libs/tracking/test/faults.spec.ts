import { readdirSync } from 'node:fs';
import { startMlflowServer, type MlflowServer } from '../../../tools/test/services';
import {
  MlflowClient,
  startRun,
  syncJournal,
  type EndReport,
  type Run,
  type StartRunOptions,
  type SyncReport,
} from '../src/index';
import { FaultProxy, type Fault } from '../../../tools/test/fault-proxy';
import { runProgram, temporaryFolder, until } from './support/workspace';

jest.setTimeout(180_000);

const KEYS = ['loss', 'accuracy', 'val_loss'];
const STEPS = 400;
/** Every metric point, 120 params, 1 tag, 1 file, 1 dataset, the status. */
const EVENTS = KEYS.length * STEPS + 124;

let server: MlflowServer;
let proxy: FaultProxy;
let direct: MlflowClient;
let folder: { path: string; remove: () => void };
let warnings: string[];
let experiments = 0;

beforeAll(async () => {
  server = await startMlflowServer();
  direct = new MlflowClient({ trackingUri: server.uri });
}, 120_000);

afterAll(() => server.stop());

beforeEach(async () => {
  folder = temporaryFolder();
  warnings = [];
  proxy = new FaultProxy(server.uri);
  await proxy.listen();
});

afterEach(async () => {
  await proxy.close();
  folder.remove();
});

function options(
  more: StartRunOptions = {},
): StartRunOptions & { experimentName: string; journalDir: string } {
  return {
    trackingUri: proxy.uri,
    journalDir: folder.path,
    experimentName: `faults-${process.pid}-${experiments}`,
    flushIntervalMs: 20,
    backoffMs: 5,
    timeoutMs: 30_000,
    onWarning: (message) => warnings.push(message),
    ...more,
  };
}

/** A run that has ended, of which the server went away at its beginning. */
async function runCutOff(): Promise<Run> {
  experiments += 1;
  const run = await startRun(options());
  await proxy.close();
  await logEverything(run);
  await run.end('FINISHED', { timeoutMs: 500 });
  return run;
}

/** What `syncJournal` comes to where MLFLOW_TRACKING_URI names this and the options no server. */
async function syncTo(uri: string, timeoutMs: number): Promise<SyncReport> {
  process.env.MLFLOW_TRACKING_URI = uri;
  try {
    return await syncJournal({ journalDir: folder.path, backoffMs: 5, timeoutMs });
  } finally {
    delete process.env.MLFLOW_TRACKING_URI;
  }
}

/** Logs `EVENTS` - 1 events, a little time between them so that they take many requests. */
async function logEverything(run: Run): Promise<void> {
  run.logParams(Object.fromEntries(Array.from({ length: 120 }, (_, i) => [`param${i}`, i])));
  for (let step = 0; step < STEPS; step += 1) {
    run.logMetrics(
      { loss: 1 / (step + 1), accuracy: step / STEPS, val_loss: step % 7 === 0 ? NaN : step },
      step,
    );
    if (step % 50 === 0) await new Promise((resolve) => setTimeout(resolve, 30));
  }
  run.setTag('stage', 'done');
  run.logText('summary', 'model_summary.txt');
  run.logInput({ name: 'mnist', digest: 'abc', source: 'here' }, 'train');
}

/** Reads back what the server has, straight from it, and counts it as events. */
async function stored(runId: string): Promise<number> {
  const run = await direct.getRun(runId);
  let points = 0;
  for (const key of KEYS) {
    const history = await direct.getMetricHistory(runId, key);
    expect(history.map(({ step }) => step).sort((a, b) => a - b)).toEqual(
      Array.from({ length: STEPS }, (_, i) => i),
    );
    points += history.length;
  }
  const files = await direct.listArtifacts(runId);
  expect(files).toEqual([{ path: 'model_summary.txt', is_dir: false, file_size: 7 }]);
  expect(run.info.end_time).toBeGreaterThanOrEqual(run.info.start_time ?? Infinity);
  const tags = run.data.tags.filter(({ key }) => key === 'stage').length;
  const status = run.info.status === 'FINISHED' ? 1 : 0;
  return points + run.data.params.length + tags + files.length + run.inputs.dataset_inputs.length + status;
}

async function runsOf(experimentName: string): Promise<string[]> {
  const experiment = await direct.getExperimentByName(experimentName);
  const ids: string[] = [];
  for await (const { info } of direct.searchRuns([experiment?.experiment_id ?? ''])) ids.push(info.run_id);
  return ids;
}

async function expectAllStored(report: EndReport, experimentName: string): Promise<void> {
  expect(report).toMatchObject({
    logged: EVENTS,
    sent: EVENTS,
    rejected: 0,
    waiting: 0,
    journalFile: undefined,
    message: undefined,
  });
  expect(await stored(report.runId)).toBe(EVENTS);
  expect(await runsOf(experimentName)).toEqual([report.runId]);
  expect(readdirSync(folder.path)).toEqual([]);
}

const inTwoSeconds = () => new Date(Date.now() + 2000).toUTCString();

/** True for about half of all numbers, the same ones every time. */
const half = (count: number) => ((count + 1) * 2654435761) % 4294967296 < 2147483648;

const faults: [string, (count: number) => Fault | undefined][] = [
  ['no fault', () => undefined],
  [
    'a reset in the middle of half of the requests',
    (count) => (half(count) ? { kind: 'reset-in-request' } : undefined),
  ],
  ['a reset after half of the writes', (count) => (half(count) ? { kind: 'reset-after-write' } : undefined)],
  [
    '429 with Retry-After in seconds, for half of the requests',
    (count) => (half(count) ? { kind: 'answer', status: 429, headers: { 'retry-after': '0.2' } } : undefined),
  ],
  [
    '429 with Retry-After as a date, once',
    (count) =>
      count === 5 ? { kind: 'answer', status: 429, headers: { 'retry-after': inTwoSeconds() } } : undefined,
  ],
  [
    '500 after half of the writes',
    (count) => (half(count) ? { kind: 'answer-after-write', status: 500, body: 'oops' } : undefined),
  ],
  [
    '503 with a page after half of the writes',
    (count) =>
      half(count)
        ? { kind: 'answer-after-write', status: 503, body: '<html><h1>503</h1></html>' }
        : undefined,
  ],
  [
    '502 in place of half of the answers',
    (count) => (half(count) ? { kind: 'answer', status: 502 } : undefined),
  ],
  ['answers that take 300 ms', () => ({ kind: 'slow', ms: 300 })],
  [
    'half of the answers later than the time-out',
    (count) => (half(count) ? { kind: 'slow', ms: 1000 } : undefined),
  ],
  [
    'a proxy that does not find the server half of the time',
    (count) => (half(count) ? { kind: 'answer', status: 404, body: 'no such host' } : undefined),
  ],
  [
    'credentials that are refused half of the time',
    (count) => (half(count) ? { kind: 'answer', status: 401 } : undefined),
  ],
];

describe('each event is stored exactly once', () => {
  it.each(faults)('with %s', async (name, decide) => {
    experiments += 1;
    const settings = options(name.includes('time-out') ? { timeoutMs: 750 } : {});
    const duringStart = !/credentials|does not find/.test(name);
    if (duringStart) proxy.decide = ({ count }) => decide(count);
    const run = await startRun(settings);
    proxy.decide = ({ count }) => decide(count);
    await logEverything(run);
    const report = await run.end();
    if (name !== 'no fault') expect(proxy.faults).toBeGreaterThan(0);
    await expectAllStored(report, settings.experimentName);
  });

  it('with a run whose creation answers 500 three times although it worked', async () => {
    experiments += 1;
    let creations = 0;
    proxy.decide = ({ url }) => {
      if (!url.endsWith('runs/create') || (creations += 1) > 3) return undefined;
      return { kind: 'answer-after-write', status: 500 };
    };
    const settings = options();
    const run = await startRun(settings);
    await logEverything(run);
    await expectAllStored(await run.end(), settings.experimentName);
    expect(creations).toBeLessThanOrEqual(3);
  });

  it('with nobody listening for a while', async () => {
    experiments += 1;
    const settings = options();
    const run = await startRun(settings);
    run.logMetric('val_loss', NaN, { step: 0, timestamp: 1 });
    await proxy.close();
    await logEverything(run);
    await until(() => warnings.length > 0);
    expect(warnings[0]).toMatch(/cannot be reached: .*ECONNREFUSED.* Logging goes on in .*jsonl/);
    await proxy.listen();
    const report = await run.end();
    expect(report).toMatchObject({ logged: EVENTS + 1, sent: EVENTS + 1, waiting: 0 });
    const history = await direct.getMetricHistory(run.id, 'val_loss');
    expect(history).toHaveLength(STEPS + 1);
    expect(history.filter(({ step }) => step === 0)).toHaveLength(2);
  });

  it('with a server that is killed and comes back', async () => {
    experiments += 1;
    const settings = options({ trackingUri: server.uri });
    const run = await startRun(settings);
    const logging = logEverything(run);
    await new Promise((resolve) => setTimeout(resolve, 120));
    await server.kill();
    await logging;
    await server.restart();
    await expectAllStored(await run.end(), settings.experimentName);
  });

  it('with a server that stays away: the end is bounded, one line says what waits, and syncJournal sends it', async () => {
    experiments += 1;
    const settings = options({ syncCommand: 'npm run study -- sync' });
    const run = await startRun(settings);
    await proxy.close();
    await logEverything(run);
    const begun = Date.now();
    const report = await run.end('FINISHED', { timeoutMs: 500 });
    expect(Date.now() - begun).toBeLessThan(5000);
    expect(report.waiting).toBe(EVENTS);
    expect(report.message).toMatch(
      new RegExp(
        `^${EVENTS} events of run ${run.id} wait in ${folder.path}.*\\.jsonl \\(.*ECONNREFUSED.*\\); to send: npm run study -- sync$`,
      ),
    );
    expect(warnings).toContain(report.message);
    const still = await syncJournal({ ...settings, timeoutMs: 200 });
    expect(still).toMatchObject({
      waiting: EVENTS,
      runs: [{ outcome: 'waiting', sent: 0, reason: expect.stringMatching(/ECONNREFUSED|did not answer/) }],
    });
    await proxy.listen();
    const synced = await syncJournal(settings);
    expect(synced).toMatchObject({
      waiting: 0,
      runs: [{ runId: run.id, outcome: 'sent', logged: EVENTS, sent: EVENTS }],
    });
    expect(await stored(run.id)).toBe(EVENTS);
    expect(readdirSync(folder.path)).toEqual([]);
  });

  it('with a server that moves: syncJournal sends to where the run is known, and nowhere else', async () => {
    const run = await runCutOff();
    const stranger = await startMlflowServer();
    try {
      const still = await syncTo(stranger.uri, 2000);
      expect(still).toMatchObject({ waiting: EVENTS, runs: [{ outcome: 'waiting' }] });
    } finally {
      await stranger.stop();
    }
    const synced = await syncTo(`${server.uri}/`, 30_000);
    expect(synced).toMatchObject({ waiting: 0, runs: [{ outcome: 'sent' }] });
    expect(await stored(run.id)).toBe(EVENTS);
  });

  it('with a folder in MLFLOW_TRACKING_URI: syncJournal sends to the server that the journal names', async () => {
    const run = await runCutOff();
    await proxy.listen();
    const synced = await syncTo('file:./mlruns', 30_000);
    expect(synced).toMatchObject({ waiting: 0, runs: [{ outcome: 'sent' }] });
    expect(await stored(run.id)).toBe(EVENTS);
  });

  it('with no server at all, until it is sent by two processes at once', async () => {
    experiments += 1;
    const settings = options({ offline: true });
    const runs: Run[] = [];
    for (let i = 0; i < 3; i += 1) {
      const run = await startRun(settings);
      runs.push(run);
      await logEverything(run);
      expect(run.id).toMatch(/^local-[0-9a-f]{32}$/);
      expect((await run.end()).waiting).toBe(EVENTS);
    }
    proxy.decide = ({ count }) =>
      count % 4 === 3 ? { kind: 'reset-after-write' } : { kind: 'slow', ms: 20 };
    const sync = { journalDir: folder.path, trackingUri: proxy.uri, backoffMs: 5 };
    const reports = await Promise.all(
      [1, 2].map(async () => JSON.parse(await runProgram('syncing-client', sync).output) as SyncReport),
    );
    const sent = reports.flatMap((report) => report.runs).filter(({ outcome }) => outcome === 'sent');
    expect(sent).toHaveLength(3);
    for (const { runId } of sent) expect(await stored(runId)).toBe(EVENTS);
    expect((await runsOf(settings.experimentName)).sort()).toEqual(sent.map(({ runId }) => runId).sort());
    expect(readdirSync(folder.path)).toEqual([]);
  });

  it.each([false, true])(
    'with a client that is killed (offline: %s): what was logged is sent, and the run ends as KILLED',
    async (offline) => {
      experiments += 1;
      const settings = options();
      const { child, output, lines } = runProgram('logging-client', {
        ...(offline ? { offline } : { trackingUri: proxy.uri }),
        journalDir: folder.path,
        experimentName: settings.experimentName,
        flushIntervalMs: 20,
      });
      await until(() => lines.length > 1500);
      const busy = await syncJournal(settings);
      expect(busy.runs).toMatchObject([{ outcome: 'busy', reason: `Process ${child.pid} is at it.` }]);
      child.kill('SIGKILL');
      const printed = (await output).trimEnd().split('\n');
      const returned = Number(printed.at(-1)) + 1;
      const { runs, waiting } = await syncJournal(settings);
      expect(waiting).toBe(0);
      expect(runs).toMatchObject([{ outcome: 'sent', rejected: 0 }]);
      const [{ runId, logged, sent }] = runs as [SyncReport['runs'][number]];
      expect(sent).toBe(logged);
      const steps = (await direct.getMetricHistory(runId, 'loss')).map(({ step }) => step);
      expect(steps.length).toBeGreaterThanOrEqual(returned);
      expect(logged).toBe(2 * steps.length + 2);
      expect([...steps].sort((a, b) => a - b)).toEqual(Array.from({ length: steps.length }, (_, i) => i));
      expect(await direct.getMetricHistory(runId, 'accuracy')).toHaveLength(steps.length);
      const { info, data } = await direct.getRun(runId);
      expect(info.status).toBe('KILLED');
      expect(info.end_time).toBeGreaterThanOrEqual(info.start_time ?? Infinity);
      expect(data.params).toEqual([{ key: 'seed', value: '0' }]);
      expect(await runsOf(settings.experimentName)).toEqual([runId]);
      if (!offline) expect(runId).toBe(printed[0]);
    },
  );
});

describe('a start', () => {
  it('fails at once when nobody listens, and leaves no journal', async () => {
    await proxy.close();
    const begun = Date.now();
    await expect(startRun(options())).rejects.toThrow(/cannot be reached.*is the server running/);
    expect(Date.now() - begun).toBeLessThan(8000);
    expect(readdirSync(folder.path)).toEqual([]);
  });

  it('fails at once when it is not let in', async () => {
    proxy.decide = () => ({ kind: 'answer', status: 403, body: 'Invalid Host header' });
    await expect(startRun(options())).rejects.toThrow('MLflow answered 403: Invalid Host header');
    expect(proxy.seen.length).toBeLessThanOrEqual(3);
  });

  it('goes to the journal where that is wanted; parent and child are made when the server is back', async () => {
    experiments += 1;
    await proxy.close();
    const settings = options({ whenUnreachable: 'journal', startTimeoutMs: 200 });
    const parent = await startRun({ ...settings, runName: 'parent' });
    const child = await startRun({ ...settings, runName: 'child', parent });
    expect(warnings).toHaveLength(2);
    child.logMetric('loss', 1);
    await proxy.listen();
    const ended = await Promise.all([child.end(), parent.end()]);
    expect(ended).toMatchObject([{ waiting: 0 }, { waiting: 0 }]);
    const { info, data } = await direct.getRun(child.id);
    expect(info).toMatchObject({ run_name: 'child', status: 'FINISHED' });
    expect(data.tags).toContainEqual({ key: 'mlflow.parentRunId', value: parent.id });
    expect((await runsOf(settings.experimentName)).sort()).toEqual([parent.id, child.id].sort());
  });

  it('waits for a parent whose journal has not been sent, and does without one that is nowhere', async () => {
    experiments += 1;
    const settings = options({ offline: true });
    const parent = await startRun(settings);
    const child = await startRun({ ...settings, parent: parent.id });
    await child.end();
    const first = await syncJournal({ ...options(), timeoutMs: 5000 });
    expect(first.runs.map(({ outcome, reason }) => [outcome, reason])).toEqual([
      ['busy', `Process ${process.pid} is at it.`],
      ['waiting', expect.stringContaining(`The parent run ${parent.id} has not been sent yet.`)],
    ]);
    await parent.end();
    const second = await syncJournal(options());
    expect(second.runs.map(({ outcome }) => outcome)).toEqual(['sent', 'sent']);
    const [sentParent, sentChild] = second.runs;
    expect((await direct.getRun(sentChild?.runId ?? '')).data.tags).toContainEqual({
      key: 'mlflow.parentRunId',
      value: sentParent?.runId,
    });
    const orphan = await startRun({ ...settings, parent: `local-${'0'.repeat(32)}` });
    await orphan.end();
    const third = await syncJournal(options());
    expect(third.runs).toMatchObject([{ outcome: 'sent' }]);
    expect(warnings.at(-1)).toContain('it is made without a parent');
  });
});

describe('what the server refuses', () => {
  it('is told by name, and the rest is stored', async () => {
    experiments += 1;
    const settings = options();
    const run = await startRun({ ...settings, params: { lr: 0.1 } });
    await run.flush();
    await direct.logBatch(run.id, { metrics: [], params: [{ key: 'momentum', value: '0.5' }], tags: [] });
    run.logParams({ momentum: 0.9, epochs: 3, batch_size: 64 });
    run.logMetrics({ loss: 1, accuracy: 0 }, 0);
    const report = await run.end();
    expect(report).toMatchObject({ logged: 7, sent: 6, rejected: 1, waiting: 0 });
    expect(warnings).toEqual([
      expect.stringMatching(/^MLflow refused "momentum" of run .*INVALID_PARAMETER_VALUE/),
    ]);
    const { data } = await direct.getRun(run.id);
    expect(Object.fromEntries(data.params.map(({ key, value }) => [key, value]))).toEqual({
      lr: '0.1',
      momentum: '0.5',
      epochs: '3',
      batch_size: '64',
    });
    expect(data.metrics).toHaveLength(2);
  });

  it('keeps the journal of a run that somebody deleted, until it is restored', async () => {
    experiments += 1;
    const settings = options();
    const run = await startRun(settings);
    await direct.deleteRun(run.id);
    run.logMetric('loss', 1);
    const report = await run.end();
    expect(report).toMatchObject({
      waiting: 2,
      message: expect.stringContaining('it was deleted; restore it'),
    });
    await direct.restoreRun(run.id);
    expect(await syncJournal(settings)).toMatchObject({
      waiting: 0,
      runs: [{ runId: run.id, outcome: 'sent', sent: 2 }],
    });
    expect(await direct.getMetricHistory(run.id, 'loss')).toHaveLength(1);
  });
});
