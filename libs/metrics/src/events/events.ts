import { MetricsError } from '../errors';
import { readWeights } from '../inputs/check';
import { isSoft, readMatrix } from '../inputs/matrix';
import { sumTolerance } from '../inputs/rows';
import type {
  EventPredictions,
  Floats,
  Labels,
  Outcomes,
  Predictions,
  SoftLabels,
  Targets,
  Weighted,
} from '../inputs/types';
import { floatsOf } from '../inputs/types';
import { classEvents, eachClass } from './classes';
import { selectEvents } from './select-events';
import { topLabel } from './top-label';

/** One event, predicted and observed for each example: what every measure of calibration looks at. */
export interface Events {
  readonly size: number;
  /** Probability of the event, in the type of the input; float64 where it was computed from logits. */
  readonly confidences: Floats;
  /** Whether it happened: 0 or 1, or a share where labels are soft. */
  readonly outcomes: Uint8Array | Float64Array;
  readonly weights: Float64Array | null;
}

/** Which event of a classifier is measured. */
export interface EventOptions extends Weighted {
  /**
   * `top_label` (unless given): that the class of the largest probability is right. A number: that class, against all others.
   * `each_class`: the mean over all classes, also those without an example.
   */
  readonly of?: 'top_label' | 'each_class' | number;
}

function readEvent({ event }: EventPredictions, outcomes: Outcomes, { weights }: Weighted): Events {
  const confidences = floatsOf(event);
  const size = confidences.length;
  if (size === 0) throw new MetricsError('confidences are empty: a metric needs at least one example');
  if (outcomes.length !== size) {
    throw new MetricsError(
      `${size} confidences but ${outcomes.length} outcomes: give one outcome for each confidence`,
    );
  }
  const happened = new Uint8Array(size);
  let shares: Float64Array | null = null;
  for (let i = 0; i < size; i++) {
    const confidence = confidences[i] as number;
    if (!(confidence >= 0 && confidence <= 1 + sumTolerance)) {
      throw new MetricsError(`confidences[${i}] is ${confidence}: expected a probability in [0, 1]`);
    }
    const outcome = Number(outcomes[i]);
    if (!(outcome >= 0 && outcome <= 1)) {
      throw new MetricsError(`outcomes[${i}] is ${outcomes[i]}: expected 0 or 1, or a share between them`);
    }
    if (shares === null && outcome !== 0 && outcome !== 1) shares = Float64Array.from(happened);
    if (shares === null) happened[i] = outcome;
    else shares[i] = outcome;
  }
  return weighted({ size, confidences, outcomes: shares ?? happened }, readWeights(weights, size));
}

/** Events with weights, those of weight 0 left out. */
function weighted(events: Omit<Events, 'weights'>, weights: Float64Array | null): Events {
  if (weights === null || !weights.includes(0)) return { ...events, weights };
  const counted = Uint32Array.from(weights.keys()).filter((i) => weights[i] !== 0);
  return selectEvents({ ...events, weights }, counted);
}

/**
 * The events that options ask for: one, or one for each class. What is given is valid until the next is asked for.
 *
 * @throws MetricsError on empty or mismatched input, values that are not finite, rows that are no distribution, labels out of
 *   range
 */
export function* eventsOf(
  predictions: Predictions | EventPredictions,
  targets: Targets,
  options: EventOptions,
): Generator<Events> {
  const { of = 'top_label', weights } = options;
  if ('event' in predictions) {
    if (options.of !== undefined) {
      throw new MetricsError(`of is ${of}, but the predictions are of one event: leave it out`);
    }
    if (isSoft(targets)) throw new MetricsError('the predictions are of one event: give it outcomes');
    yield readEvent(predictions, targets, options);
    return;
  }
  const matrix = readMatrix(predictions, targets as Labels | SoftLabels);
  const read = readWeights(weights, matrix.examples);
  if (of === 'top_label') yield weighted(topLabel(matrix), read);
  else if (of === 'each_class') for (const events of eachClass(matrix)) yield weighted(events, read);
  else yield weighted(classEvents(matrix, of), read);
}

/** The options of a measure that is of each class unless `of` is given. */
export function ofEachClass<O extends EventOptions>(
  predictions: Predictions | EventPredictions,
  options: O,
): O {
  return 'event' in predictions || options.of !== undefined ? options : { ...options, of: 'each_class' };
}

/** The one event that options ask for. */
export function singleEvent(
  predictions: Predictions | EventPredictions,
  targets: Targets,
  options: EventOptions,
): Events {
  if (options.of === 'each_class') {
    throw new MetricsError('of is each_class: expected top_label or the number of a class');
  }
  return eventsOf(predictions, targets, options).next().value as Events;
}
