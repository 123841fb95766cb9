import type { SortedEvents } from '../events/sorted-events';
import { sortEvents } from '../events/sorted-events';
import type { Counts } from '../measure/measure';
import type { SelectiveOptions, Tie } from './selection';
import { defineSelective, selectByConfidence } from './selection';

/** Sum over a tie's examples, in any order on average, of what is errors and weight selected up to and with it. */
function sumOverTie(tie: Readonly<Tie>, term: (errors: number, selected: number) => number): number {
  const { selected, errors, weight, ownErrors, examples } = tie;
  let sum = 0;
  for (let k = 1; k <= examples; k++) {
    const share = k / examples;
    sum += term(errors + share * ownErrors, selected + share * weight);
  }
  return sum * (weight / examples);
}

/** Mean over all coverages of the selective risk. */
function meanRisk(sorted: SortedEvents, counts: Counts): number {
  let area = 0;
  let total = 0;
  selectByConfidence(sorted, counts, (tie) => {
    area += sumOverTie(tie, (errors, selected) => errors / selected);
    total = tie.selected + tie.weight;
  });
  return area / total;
}

/**
 * Area under the risk-coverage curve (Geifman and El-Yaniv 2017): examples are selected from the most confident to the least
 * confident, and the error rate of those selected so far is averaged over all n coverages k/n. In [0, 1]; of soft labels the errors
 * are 1 - the label's share of the predicted class. Ties count as the mean over their orders, not in the order of the data.
 * torch-uncertainty joins the n points by a trapezium rule over (n - 1)/n, where the first and the last point count half, and
 * takes ties as they come.
 */
export const aurc = defineSelective<SelectiveOptions>(
  'aurc',
  (sorted) => (counts) => meanRisk(sorted, counts),
);

/**
 * Excess area under the risk-coverage curve (Geifman, Uziel and El-Yaniv 2019): `aurc` less that of the best order, in which all
 * errors come last; at least 0. The best order's is computed from the examples, not approximated by r + (1 - r) ln(1 - r).
 */
export const eAurc = defineSelective<SelectiveOptions>('eAurc', (sorted, _, events) => {
  const best = sortEvents({ ...events, confidences: Float64Array.from(events.outcomes) }, 'descending');
  return (counts) => Math.max(meanRisk(sorted, counts) - meanRisk(best, counts), 0);
});

/**
 * Area under the generalised risk-coverage curve (Traub et al. 2024): as `aurc`, of the errors among those selected as a share of
 * all n examples, so that an error counts by the number of examples it is preferred to; half the error rate where the order is
 * random, to (n + 1) / 2n at most.
 */
export const augrc = defineSelective<SelectiveOptions>('augrc', (sorted) => (counts) => {
  let area = 0;
  let total = 0;
  selectByConfidence(sorted, counts, (tie) => {
    area += sumOverTie(tie, (errors) => errors);
    total = tie.selected + tie.weight;
  });
  return area / (total * total);
});
