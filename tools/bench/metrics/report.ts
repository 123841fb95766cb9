import { type Spread } from '../statistics';
import { figure, markdownTable } from '../table';
import { type DataName, dataSets, type MeasureName, rows } from './rows';

/** What was measured of a contender on some predictions. */
export interface Measured {
  readonly measure: MeasureName;
  readonly data: DataName;
  /** `ours` or the peer. */
  readonly name: string;
  readonly version: string;
  /** The share of the work that a step does: the times are of a step. */
  readonly share: number;
  readonly value: number | null;
  readonly times: Spread;
  readonly peakMemory: number | null;
  readonly memoryBefore: number | null;
}

/** One of our measures beside the fastest peer. */
export interface MetricsRow {
  readonly measure: MeasureName;
  readonly data: DataName;
  readonly ours_ms: number;
  readonly best_peer: string | null;
  readonly best_peer_ms: number | null;
  readonly ratio: number | null;
  /** What we held at most, input and all that the measure took, over the input. */
  readonly memory_ratio: number | null;
}

export interface MetricsJson {
  readonly rows: readonly MetricsRow[];
  readonly contenders: readonly {
    readonly measure: MeasureName;
    readonly data: DataName;
    readonly name: string;
    readonly median_ms: number;
    readonly lower_ms: number;
    readonly upper_ms: number;
    readonly share: number;
    readonly value: number | null;
    readonly working_mb: number | null;
  }[];
}

/** Milliseconds of all the work. */
function wholeTimes({ times, share }: Measured): Spread {
  return {
    median: times.median / share,
    lower: times.lower / share,
    upper: times.upper / share,
    count: times.count,
  };
}

/** Megabytes that a contender took beside its input. */
function workingMemory({ peakMemory, memoryBefore }: Measured): number | null {
  return peakMemory === null || memoryBefore === null ? null : Math.max(0, peakMemory - memoryBefore);
}

/** Megabytes of the predictions and labels. */
function inputMemory(data: DataName): number {
  const { examples, classes } = dataSets[data];
  return (4 * examples * (classes + 1)) / 2 ** 20;
}

/** The faster peer; null where none was measured. */
export function fastestPeer(measured: readonly Measured[], { measure, data }: Measured): Measured | null {
  return measured
    .filter((one) => one.measure === measure && one.data === data && one.name !== 'ours')
    .reduce<Measured | null>(
      (best, one) => (best === null || wholeTimes(one).median < wholeTimes(best).median ? one : best),
      null,
    );
}

/** Our rows, each with its ratio to the fastest peer, and all contenders. */
export function metricsReport(measured: readonly Measured[]): MetricsJson {
  return {
    rows: measured
      .filter(({ name }) => name === 'ours')
      .map((one): MetricsRow => {
        const best = fastestPeer(measured, one);
        const working = workingMemory(one);
        return {
          measure: one.measure,
          data: one.data,
          ours_ms: round(wholeTimes(one).median),
          best_peer: best?.name ?? null,
          best_peer_ms: best && round(wholeTimes(best).median),
          ratio: best && round(wholeTimes(one).median / wholeTimes(best).median),
          memory_ratio: working === null ? null : round(1 + working / inputMemory(one.data)),
        };
      }),
    contenders: measured.map((one) => {
      const { median, lower, upper } = wholeTimes(one);
      const working = workingMemory(one);
      return {
        measure: one.measure,
        data: one.data,
        name: one.name,
        median_ms: round(median),
        lower_ms: round(lower),
        upper_ms: round(upper),
        share: one.share,
        value: one.value,
        working_mb: working && Math.round(working),
      };
    }),
  };
}

/** All contenders as a table, a measure after the other. */
export function metricsTable(measured: readonly Measured[]): string {
  return markdownTable(
    [
      { title: 'predictions' },
      { title: 'measure' },
      { title: 'who' },
      { title: 'median ms', figures: true },
      { title: 'quartiles', figures: true },
      { title: 'steps', figures: true },
      { title: 'ours to it', figures: true },
      { title: 'MB beside the input', figures: true },
      { title: 'value', figures: true },
    ],
    measured.map((one) => {
      const { median, lower, upper, count } = wholeTimes(one);
      const ours = measured.find(
        ({ name, measure, data }) => name === 'ours' && measure === one.measure && data === one.data,
      );
      const working = workingMemory(one);
      return [
        dataSets[one.data].title,
        rows[one.measure].title,
        one.share === 1 ? one.name : `${one.name}, from ${figure(100 * one.share)}% of it`,
        figure(median),
        `${figure(lower)}-${figure(upper)}`,
        String(count),
        one.name === 'ours' || ours === undefined ? '-' : (wholeTimes(ours).median / median).toFixed(3),
        working === null ? '-' : String(Math.round(working)),
        one.value === null ? '-' : one.value.toFixed(6),
      ];
    }),
  );
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}
