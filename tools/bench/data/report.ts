import type { Spread } from '../statistics';
import { figure, markdownTable } from '../table';
import type { Entrant, Timed } from '../turns';
import { memoryBytes } from './sets';

/** What was measured. */
export interface DataFound {
  /** With the side that images are resized to; 0 leaves them as they are. */
  readonly decoded: readonly (Pick<Timed<Entrant>, 'entrant' | 'times' | 'version'> & {
    readonly side: number;
  })[];
  /** Steps that hold their inputs, and steps that are fed. */
  readonly steps: readonly Pick<Timed<Entrant>, 'entrant' | 'times'>[];
  /** Epochs over the large set. */
  readonly epoch: Pick<Timed<Entrant>, 'peakMemory' | 'memoryBefore'>;
  /** How many images are decoded in a step. */
  readonly images: number;
  /** Bytes of the large set. */
  readonly bytes: number;
}

export interface DataJson {
  readonly decoded: readonly {
    readonly name: string;
    readonly side: number;
    readonly images_per_second: number;
    /** Our images a second over this one's. */
    readonly ours_to_it: number;
  }[];
  readonly held_ms: number;
  readonly fed_ms: number;
  readonly fed_ratio: number;
  /** Megabytes: of the set, those that its inputs may take, and those that an epoch took beside what was held before. */
  readonly set_mb: number;
  readonly memory_mb: number;
  readonly peak_mb: number | null;
}

/** The figures of the JSON line. */
export function dataReport({ decoded, steps, epoch, images, bytes }: DataFound): DataJson {
  const rate = (median: number) => (1000 * images) / median;
  const oursAt = (side: number) =>
    decoded.find((one) => one.side === side && one.entrant.name === 'ours')!.times.median;
  const [held, fed] = ['held', 'fed'].map((mode) => timesOf(steps, mode).median) as [number, number];
  const { peakMemory, memoryBefore } = epoch;
  return {
    decoded: decoded.map(({ entrant, side, times: { median } }) => ({
      ...{ name: entrant.name, side, images_per_second: round(rate(median)) },
      ours_to_it: round(median / oursAt(side)),
    })),
    held_ms: round(held),
    fed_ms: round(fed),
    fed_ratio: round(fed / held),
    set_mb: round(bytes / 1e6),
    memory_mb: round(memoryBytes / 1e6),
    peak_mb: peakMemory === null || memoryBefore === null ? null : round(peakMemory - memoryBefore),
  };
}

/** The tables for people. */
export function dataTables(found: DataFound): string[] {
  const json = dataReport(found);
  const spreadOf = ({ lower, median, upper }: Spread) => [
    figure(median),
    `${figure(lower)}-${figure(upper)}`,
  ];
  return [
    markdownTable(
      [
        { title: 'decoding' },
        { title: 'images a second', figures: true },
        { title: 'median ms', figures: true },
        { title: 'quartiles', figures: true },
        { title: 'ours to it', figures: true },
        { title: 'runs on' },
      ],
      found.decoded.map(({ entrant, side, times, version }, i) => [
        side === 0 ? entrant.name : `${entrant.name}, to ${side}x${side}`,
        figure(json.decoded[i]!.images_per_second),
        ...spreadOf(times),
        entrant.name === 'ours' ? '-' : json.decoded[i]!.ours_to_it.toFixed(3),
        version,
      ]),
    ),
    markdownTable(
      [
        { title: 'ResNet56V2' },
        { title: 'median ms', figures: true },
        { title: 'quartiles', figures: true },
        { title: 'to held', figures: true },
      ],
      found.steps.map(({ entrant, times }) => [
        entrant.name,
        ...spreadOf(times),
        (times.median / json.held_ms).toFixed(3),
      ]),
    ),
    `A set of ${json.set_mb} MB with --memory ${json.memory_mb}MB: an epoch took ${json.peak_mb ?? '-'} MB beside what was held before.`,
  ];
}

function timesOf(steps: DataFound['steps'], mode: string): Spread {
  return steps.find(({ entrant }) => entrant.name === mode)!.times;
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}
