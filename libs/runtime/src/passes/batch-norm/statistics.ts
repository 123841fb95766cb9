import { DataType } from '../../binding';
import { shapeOf, uncast, type Value } from '../../graph/graph';
import { constant, opValue } from '../../graph/ops';
import { ValueMap } from '../../graph/value-map';
import { channelsOf, partsOf } from './concatenation';

/** A batch's mean and (biased) variance, each [channels]. */
export interface Statistics {
  readonly mean: Value;
  readonly variance: Value;
}

/** Statistics of images, each computed once; those of a concatenation are those of its parts. */
export class KnownStatistics {
  readonly #known = new ValueMap<Statistics>();
  readonly #computed: (image: Value) => Statistics;

  /** @param computed what computes the statistics of an image that is no concatenation */
  constructor(computed: (image: Value) => Statistics) {
    this.#computed = computed;
  }

  keep(image: Value, statistics: Statistics): void {
    this.#known.set(uncast(image), statistics);
  }

  of(image: Value): Statistics {
    const known = this.#known.get(uncast(image));
    if (known !== undefined) return known;
    const parts = partsOf(image);
    const statistics =
      parts === null ? this.#computed(image) : concatenated(parts.map((part) => this.of(part)));
    this.keep(image, statistics);
    return statistics;
  }

  /** Whether the statistics of at least half of the channels are there. */
  hasMostOf(image: Value): boolean {
    return 2 * this.#knownChannels(image) >= channelsOf(image);
  }

  #knownChannels(image: Value): number {
    if (this.#known.get(uncast(image)) !== undefined) return channelsOf(image);
    return (partsOf(image) ?? []).reduce((sum, part) => sum + this.#knownChannels(part), 0);
  }
}

function concatenated(parts: readonly Statistics[]): Statistics {
  const concat = (kind: keyof Statistics): Value => {
    const vectors = parts.map((part) => part[kind]);
    const length = vectors.reduce((sum, vector) => sum + (shapeOf(vector)[0] as number), 0);
    const axis = constant(DataType.int32, [], [0]);
    const attributes = { N: { int: parts.length }, Tidx: { type: DataType.int32 } };
    return opValue('ConcatV2', [...vectors, axis], attributes, { dtype: DataType.float32, shape: [length] });
  };
  return { mean: concat('mean'), variance: concat('variance') };
}
