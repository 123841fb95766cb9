import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MlflowClient, startRun } from '@label-relaxation/tracking';
import { BenchError } from '../errors';
import { spread, type Spread } from '../statistics';

export interface TrackingBenchOptions {
  /** The server that everybody logs to. */
  readonly trackingUri: string;
  /** A Python that has mlflow; null measures ours alone. */
  readonly python: string | null;
  /** Metric points of one measurement. Default 20,000. */
  readonly points?: number;
  /** Points of one measurement of `log_metric`, whose time is extrapolated to `points`. Default 500. */
  readonly singlePoints?: number;
  /** Measurements of each, by turns. Default 5. */
  readonly rounds?: number;
  readonly say?: (line: string) => void;
}

/** Seconds until the server has all points. */
export interface TrackingRow {
  readonly name: string;
  readonly seconds: Spread;
  /** Points that were measured; fewer than asked for means that `seconds` is extrapolated. */
  readonly measuredPoints: number;
  /** Our median over this one; below 1 we are faster. Null for ours. */
  readonly ratio: number | null;
  /** Median seconds that the log calls themselves held the caller; null where they are all of the time. */
  readonly heldSeconds: number | null;
}

interface Measurement {
  runId: string;
  seconds: number;
  held: number | null;
}

interface Contender {
  name: string;
  points: number;
  measure: (experimentId: string) => Promise<Measurement>;
}

const KEYS = ['loss', 'accuracy', 'val_loss', 'val_accuracy'] as const;

/** Logs the same points with our client and with Python's, by turns, to one server, and counts what the server has afterwards. */
export async function benchTracking(options: TrackingBenchOptions): Promise<TrackingRow[]> {
  const {
    trackingUri,
    python,
    points = 20_000,
    singlePoints = 500,
    rounds = 5,
    say = () => undefined,
  } = options;
  const client = new MlflowClient({ trackingUri });
  const { experiment_id: experimentId } = await client.getOrCreateExperiment(`bench-tracking-${Date.now()}`);
  const contenders: Contender[] = [{ name: 'ours', points, measure: (id) => ours(trackingUri, id, points) }];
  if (python !== null) {
    const peer = (what: string, count: number): Contender => ({
      name: `Python ${what}`,
      points: count,
      measure: (id) => pythons(python, trackingUri, id, count, what),
    });
    contenders.push(peer('log_batch', points), peer('log_metric', Math.min(points, singlePoints)));
  }
  const seconds = contenders.map((): number[] => []);
  const held = contenders.map((): number[] => []);
  const turns = contenders.map((contender, index) => ({ contender, index }));
  for (let round = 0; round < rounds; round += 1) {
    for (const { contender, index } of round % 2 === 0 ? turns : [...turns].reverse()) {
      const measurement = await contender.measure(experimentId);
      await checkStored(client, measurement.runId, contender);
      seconds[index]?.push((measurement.seconds * points) / contender.points);
      if (measurement.held !== null) held[index]?.push(measurement.held);
    }
    say(`tracking: round ${round + 1} of ${rounds}`);
  }
  await client.deleteExperiment(experimentId);
  const spreads = seconds.map(spread);
  return contenders.map(({ name, points: measuredPoints }, index) => {
    const own = spreads[index] as Spread;
    const calls = held[index] ?? [];
    return {
      name,
      seconds: own,
      measuredPoints,
      ratio: index === 0 ? null : (spreads[0] as Spread).median / own.median,
      heldSeconds: calls.length === 0 ? null : spread(calls).median,
    };
  });
}

async function ours(trackingUri: string, experimentId: string, points: number): Promise<Measurement> {
  const journalDir = mkdtempSync(join(tmpdir(), 'bench-tracking-'));
  try {
    const run = await startRun({ trackingUri, experimentId, journalDir });
    const begun = performance.now();
    for (let i = 0; i < points; i += 1) run.logMetric(KEYS[i % 4] ?? '', 1 / (i + 1), Math.floor(i / 4));
    const held = (performance.now() - begun) / 1000;
    await run.flush();
    const seconds = (performance.now() - begun) / 1000;
    const { message } = await run.end();
    if (message !== undefined) throw new BenchError(message);
    return { runId: run.id, seconds, held };
  } finally {
    rmSync(journalDir, { recursive: true, force: true });
  }
}

async function pythons(
  python: string,
  trackingUri: string,
  experimentId: string,
  points: number,
  what: string,
): Promise<Measurement> {
  const script = join(__dirname, 'python_tracking.py');
  const output = await new Promise<string>((resolve, reject) => {
    const child = spawn(python, [script, trackingUri, experimentId, String(points), what], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, MLFLOW_DISABLE_TELEMETRY: 'true', DO_NOT_TRACK: 'true' },
    });
    let [text, errors] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    child.on('error', (error) => reject(new BenchError(`${python} did not start: ${error.message}.`)));
    child.on('close', (code) => {
      if (code === 0) resolve(text);
      else reject(new BenchError(`Python's ${what} failed: ${errors.trim().split('\n').at(-1)}`));
    });
  });
  const { run_id: runId, seconds } = JSON.parse(lineOfJson(output)) as { run_id: string; seconds: number };
  return { runId, seconds, held: null };
}

/** MLflow prints where to view the run on lines of its own. */
function lineOfJson(output: string): string {
  return output.split('\n').find((line) => line.startsWith('{')) ?? '';
}

async function checkStored(client: MlflowClient, runId: string, { name, points }: Contender): Promise<void> {
  let stored = 0;
  for (const key of KEYS) stored += (await client.getMetricHistory(runId, key)).length;
  if (stored !== points)
    throw new BenchError(`The server has ${stored} of the ${points} points that ${name} logged.`);
}
