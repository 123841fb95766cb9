import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MlflowClient } from '@label-relaxation/tracking';
import { startMlflowServer } from '../test/services';
import type { PartContext, PartResult } from './part';
import { mlflowPython, ourProgram } from './programs';
import { runProgram } from './run-program';
import { type Spread, spread } from './statistics';
import { markdownTable } from './table';
import { benchTracking, type TrackingRow } from './tracking/bench-tracking';

export interface TrackingJson {
  /** Median seconds of 20,000 metric points until the server has them all. */
  readonly points: readonly {
    readonly name: string;
    readonly seconds: number;
    readonly ratio: number | null;
  }[];
  /** What tracking adds to an epoch of simple_dense on MNIST. */
  readonly epoch: { readonly plain_s: number; readonly tracked_s: number; readonly share: number };
}

/** Measures our MLflow client beside Python's at one server, and what tracking adds to an epoch. */
export async function benchTrackingPart({ flags, say }: PartContext): Promise<PartResult<TrackingJson>> {
  const server = await startMlflowServer();
  try {
    const rows = await benchTracking({
      trackingUri: server.uri,
      python: flags.peers ? mlflowPython : null,
      rounds: flags.rounds,
      say,
    });
    const epochs = await trackedEpochs(server.uri, flags.rounds);
    const share = epochs.tracked.median / epochs.plain.median - 1;
    return {
      text: [
        '## Tracking: 20,000 metric points to a local MLflow server',
        pointsTable(rows),
        `An epoch of simple_dense on MNIST takes ${seconds(epochs.plain)} s without tracking and ${seconds(epochs.tracked)} s with it (medians and quartiles of ${epochs.plain.count}, by turns in one process): ${(share * 100).toFixed(1)}% more.`,
      ].join('\n\n'),
      json: {
        points: rows.map(({ name, seconds: { median }, ratio }) => ({ name, seconds: median, ratio })),
        epoch: { plain_s: epochs.plain.median, tracked_s: epochs.tracked.median, share },
      },
    };
  } finally {
    await server.stop();
  }
}

async function trackedEpochs(uri: string, pairs: number): Promise<{ plain: Spread; tracked: Spread }> {
  const journals = mkdtempSync(join(tmpdir(), 'bench-tracked-epochs-'));
  try {
    const client = new MlflowClient({ trackingUri: uri });
    const { experiment_id: experiment } = await client.getOrCreateExperiment('bench-tracked-epochs');
    const program = ourProgram('tracked-epochs.ts', uri, experiment, journals, String(pairs));
    const { output } = await runProgram('The tracked epochs', program);
    const times = JSON.parse(output.trim().split('\n').at(-1)!) as { plain: number[]; tracked: number[] };
    return { plain: spread(times.plain), tracked: spread(times.tracked) };
  } finally {
    rmSync(journals, { recursive: true, force: true });
  }
}

function pointsTable(rows: readonly TrackingRow[]): string {
  return markdownTable(
    [
      { title: 'client' },
      { title: 'median s', figures: true },
      { title: 'quartiles', figures: true },
      { title: 'points measured', figures: true },
      { title: 'ours to it', figures: true },
    ],
    rows.map(({ name, seconds: { median, lower, upper }, measuredPoints, ratio }) => [
      name,
      median.toFixed(2),
      `${lower.toFixed(2)}-${upper.toFixed(2)}`,
      String(measuredPoints),
      ratio === null ? '-' : ratio.toFixed(2),
    ]),
  );
}

function seconds({ median, lower, upper }: Spread): string {
  return `${median.toFixed(2)} (${lower.toFixed(2)}-${upper.toFixed(2)})`;
}
