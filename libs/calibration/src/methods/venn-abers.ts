import type { Groups } from '../numerics/isotonic-regression';
import { countUpTo, groupByScore } from '../numerics/isotonic-regression';
import type { BinaryMethod } from './one-vs-rest';
import { oneVsRest } from './one-vs-rest';

/**
 * The two isotonic fits as steps. `p0[i]` holds from `x0[i]` on, and is 0 before the first; `p1[i]` holds up to `x1[i]`, and
 * is 1 after the last.
 */
export interface VennAbersMap {
  readonly x0: readonly number[];
  readonly p0: readonly number[];
  readonly x1: readonly number[];
  readonly p1: readonly number[];
}

/** Pools of the isotonic regressions of the first groups and of the last, by where they end or begin. */
interface Pools {
  /** For each group the other end of its pool. */
  readonly ends: Int32Array;
  readonly weights: Float64Array;
  readonly sums: Float64Array;
}

/**
 * For every group the pool that it ends in the isotonic regression of the groups up to it (`step` 1), or begins in that of
 * the groups from it (`step` -1). The pools before it, or after it, are those of the neighbour beyond.
 */
function poolsOf({ scores, weights, sums }: Groups, step: 1 | -1): Pools {
  const size = scores.length;
  const pools = { ends: new Int32Array(size), weights: weights.slice(), sums: sums.slice() };
  for (let i = 0; i < size; i++) {
    const group = step === 1 ? i : size - 1 - i;
    let end = group;
    let weight = weights[group] as number;
    let sum = sums[group] as number;
    for (;;) {
      const neighbour = end - step;
      if (neighbour < 0 || neighbour >= size) break;
      const otherWeight = pools.weights[neighbour] as number;
      const otherSum = pools.sums[neighbour] as number;
      // The mean to the left must stay below that to the right.
      if (step * (otherSum * weight - sum * otherWeight) < 0) break;
      weight += otherWeight;
      sum += otherSum;
      end = pools.ends[neighbour] as number;
    }
    pools.ends[group] = end;
    pools.weights[group] = weight;
    pools.sums[group] = sum;
  }
  return pools;
}

/** The isotonic fit at each group after one more example there, with the outcome given. */
function fitWithOneMore(groups: Groups, outcome: 0 | 1, before: Pools, after: Pools): Float64Array {
  const size = groups.scores.length;
  const values = new Float64Array(size);
  for (let group = 0; group < size; group++) {
    let weight = (groups.weights[group] as number) + 1;
    let sum = (groups.sums[group] as number) + outcome;
    let left = group - 1;
    let right = group + 1;
    for (let merged = true; merged;) {
      merged = false;
      while (left >= 0 && (before.sums[left] as number) * weight >= sum * (before.weights[left] as number)) {
        weight += before.weights[left] as number;
        sum += before.sums[left] as number;
        left = (before.ends[left] as number) - 1;
        merged = true;
      }
      while (
        right < size &&
        sum * (after.weights[right] as number) >= (after.sums[right] as number) * weight
      ) {
        weight += after.weights[right] as number;
        sum += after.sums[right] as number;
        right = (after.ends[right] as number) + 1;
        merged = true;
      }
    }
    values[group] = sum / weight;
  }
  return values;
}

function fit(groups: Groups): VennAbersMap {
  const before = poolsOf(groups, 1);
  const after = poolsOf(groups, -1);
  const zeros = fitWithOneMore(groups, 0, before, after);
  const ones = fitWithOneMore(groups, 1, before, after);
  const numbers = Array.from(groups.scores.keys());
  const lower = numbers.filter((i) => zeros[i] !== (i === 0 ? 0 : zeros[i - 1]));
  const upper = numbers.filter((i) => ones[i] !== (i === ones.length - 1 ? 1 : ones[i + 1]));
  const at = (list: Float64Array, places: readonly number[]) => places.map((i) => list[i] as number);
  return {
    x0: at(groups.scores, lower),
    p0: at(zeros, lower),
    x1: at(groups.scores, upper),
    p1: at(ones, upper),
  };
}

/** Number of entries of an ascending list that are below `value`. */
function countBelow(list: readonly number[], value: number): number {
  const count = countUpTo(list, value);
  return list[count - 1] === value ? count - 1 : count;
}

const binary: BinaryMethod<VennAbersMap, object> = {
  fit: ({ probabilities, outcomes, weights }) => fit(groupByScore(probabilities, outcomes, weights)),
  apply: ({ x0, p0, x1, p1 }, probability) => {
    const lower = p0[countUpTo(x0, probability) - 1] ?? 0;
    const upper = p1[countBelow(x1, probability)] ?? 1;
    return upper / (1 - lower + upper);
  },
  read: (json) => {
    const [x0, x1] = [json.ascending('x0'), json.ascending('x1')];
    return { x0, p0: json.numbers('p0', x0.length), x1, p1: json.numbers('p1', x1.length) };
  },
};

/**
 * Inductive Venn-Abers prediction (Vovk, Petej & Fedorova 2015): p0 and p1 are the isotonic fits at a score once it joins
 * the examples as a miss or as a hit; p1 / (1 - p0 + p1) is the one probability of least regret.
 */
export const vennAbers = oneVsRest('Venn-Abers prediction', binary);
