import { benchNetworks, type NetworkName } from './networks';
import type { Spread } from './statistics';
import { figure, markdownTable } from './table';

/** Who makes the steps, and how they are called. */
const makers = { ours: 'ours', keras: 'Keras', torch: 'PyTorch', jax: 'JAX' } as const;

export type Maker = keyof typeof makers;

/** The figures of one contender. */
export interface Measured {
  readonly model: NetworkName;
  readonly maker: Maker;
  readonly mode: 'compiled' | 'eager';
  readonly precision: 'float32' | 'bfloat16';
  readonly version: string;
  /** Milliseconds of a step. */
  readonly times: Spread;
  readonly firstStepSeconds: number;
  /** In MB; null where the system doesn't tell. */
  readonly peakMemory: number | null;
}

/** One of our steps beside the best peer: the fastest of Keras, PyTorch and JAX, all in float32. */
export interface StepRow {
  readonly model: NetworkName;
  readonly precision: 'float32' | 'bfloat16';
  readonly median_ms: number;
  readonly lower_ms: number;
  readonly upper_ms: number;
  readonly best_peer: string | null;
  readonly best_peer_ms: number | null;
  readonly ratio: number | null;
  readonly first_step_s: number;
  readonly peak_rss_mb: number | null;
}

/** A contender that isn't our compiled step. */
export interface OtherRow {
  readonly name: string;
  readonly model: NetworkName;
  readonly precision: 'float32' | 'bfloat16';
  readonly median_ms: number;
  readonly lower_ms: number;
  readonly upper_ms: number;
  readonly first_step_s: number;
  readonly peak_rss_mb: number | null;
}

export interface StepsJson {
  /** Our compiled steps. */
  readonly steps: readonly StepRow[];
  /** Our eager step and the peers. */
  readonly others: readonly OtherRow[];
}

/** The steps as JSON, with the ratio to the best peer of the same network. */
export function stepReport(measured: readonly Measured[]): StepsJson {
  const compiled = (one: Measured): boolean => one.maker === 'ours' && one.mode === 'compiled';
  return {
    steps: measured.filter(compiled).map((one) => {
      const best = bestPeer(measured, one.model);
      return {
        model: one.model,
        precision: one.precision,
        ...timesOf(one),
        best_peer: best?.maker ?? null,
        best_peer_ms: best === null ? null : round(best.times.median),
        ratio: best === null ? null : round(one.times.median / best.times.median),
        ...costsOf(one),
      };
    }),
    others: measured
      .filter((one) => !compiled(one))
      .map((one) => ({
        name: `${one.maker} ${one.mode}`,
        model: one.model,
        precision: one.precision,
        ...timesOf(one),
        ...costsOf(one),
      })),
  };
}

/** All contenders as a table, a network after the other. */
export function stepTable(measured: readonly Measured[]): string {
  return markdownTable(
    [
      { title: 'network' },
      { title: 'step' },
      { title: 'precision' },
      { title: 'median ms', figures: true },
      { title: 'quartiles', figures: true },
      { title: 'steps', figures: true },
      { title: 'to best peer', figures: true },
      { title: 'first step s', figures: true },
      { title: 'peak MB', figures: true },
    ],
    measured.map((one) => {
      const best = bestPeer(measured, one.model);
      return [
        benchNetworks[one.model].title,
        `${makers[one.maker]} ${one.mode}`,
        one.precision,
        figure(one.times.median),
        `${figure(one.times.lower)}-${figure(one.times.upper)}`,
        String(one.times.count),
        best === null ? '-' : (one.times.median / best.times.median).toFixed(2),
        one.firstStepSeconds.toFixed(1),
        one.peakMemory === null ? '-' : String(Math.round(one.peakMemory)),
      ];
    }),
  );
}

/** The fastest of the peers in float32; null where none was measured. */
export function bestPeer(measured: readonly Measured[], model: NetworkName): Measured | null {
  const peers = measured.filter(
    (one) => one.model === model && one.maker !== 'ours' && one.precision === 'float32',
  );
  return peers.reduce<Measured | null>(
    (best, one) => (best === null || one.times.median < best.times.median ? one : best),
    null,
  );
}

function timesOf({ times }: Measured) {
  return { median_ms: round(times.median), lower_ms: round(times.lower), upper_ms: round(times.upper) };
}

function costsOf({ firstStepSeconds, peakMemory }: Measured) {
  return {
    first_step_s: round(firstStepSeconds),
    peak_rss_mb: peakMemory === null ? null : Math.round(peakMemory),
  };
}

function round(value: number): number {
  return Number(value.toFixed(3));
}
