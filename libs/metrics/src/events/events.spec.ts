import { MetricsError } from '../errors';
import type { Predictions, Targets } from '../inputs/types';
import { softmax } from '../inputs/softmax';
import type { AnyPredictions } from '../measure/measure';
import type { EventOptions } from './events';
import { eventsOf, singleEvent } from './events';

const logits = [2, 0, 1, -1, 0, 0.5, 0.3, 0.3, 0.3];
const labels = [0, 2, 1];

function allOf(predictions: AnyPredictions, targets: Targets, options: EventOptions) {
  return Array.from(eventsOf(predictions, targets, options), ({ confidences, outcomes, ...rest }) => ({
    ...rest,
    confidences: Array.from(confidences),
    outcomes: Array.from(outcomes),
  }));
}

describe('eventsOf', () => {
  it('takes the top label, of equally likely ones the first', () => {
    const [{ confidences, outcomes }] = allOf({ logits }, labels, {}) as ReturnType<typeof allOf> & [never];
    const expected = softmax(logits, 3);
    [expected[0]!, expected[5]!, expected[6]!].forEach((p, i) => expect(confidences[i]).toBeCloseTo(p, 15));
    expect(outcomes).toEqual([1, 1, 0]);
  });

  it('keeps the type of probabilities', () => {
    const probabilities = Float32Array.from(softmax(logits, 3));
    expect(singleEvent({ probabilities }, labels, {}).confidences).toBeInstanceOf(Float32Array);
    expect(singleEvent({ probabilities }, labels, { of: 1 }).confidences).toBeInstanceOf(Float32Array);
    expect(singleEvent({ logits: Float32Array.from(logits) }, labels, {}).confidences).toBeInstanceOf(
      Float64Array,
    );
  });

  it('takes every class in turn, more than fit into a block, too', () => {
    const classes = 37;
    const many = Array.from({ length: 3 * classes }, (_, i) => ((i * 29) % 11) / 5);
    const each = allOf({ logits: many }, labels, { of: 'each_class' });
    expect(each).toHaveLength(classes);
    const probabilities = softmax(many, classes);
    each.forEach(({ confidences, outcomes }, k) => {
      confidences.forEach((p, row) => expect(p).toBeCloseTo(probabilities[row * classes + k]!, 15));
      expect(outcomes).toEqual(labels.map((label) => (label === k ? 1 : 0)));
      expect(allOf({ logits: many }, labels, { of: k })).toEqual([each[k]]);
    });
    const fromProbabilities = allOf({ probabilities }, labels, { of: 'each_class' });
    fromProbabilities.forEach(({ confidences }, k) =>
      confidences.forEach((p, row) => expect(p).toBe(probabilities[row * classes + k])),
    );
  });

  it('takes the share of a soft label', () => {
    const distributions = [0.5, 0.5, 0, 0, 0.25, 0.75, 1, 0, 0];
    expect(allOf({ logits }, { distributions, classes: 3 }, {})[0]?.outcomes).toEqual([0.5, 0.75, 1]);
    expect(allOf({ logits }, { distributions, classes: 3 }, { of: 1 })[0]?.outcomes).toEqual([0.5, 0.25, 0]);
  });

  it('takes an event and its outcomes, shares among them', () => {
    expect(allOf({ event: [0.1, 0.9] }, [false, true], {})[0]?.outcomes).toEqual([0, 1]);
    expect(allOf({ event: [0.1, 0.9, 1] }, [1, 0.25, 0], {})[0]?.outcomes).toEqual([1, 0.25, 0]);
  });

  it('takes labels of many classes in any array', () => {
    const classes = 65_536;
    const probabilities = new Float32Array(2 * classes);
    probabilities[classes - 1] = 1;
    probabilities[classes] = 1;
    const wanted = [65_535, 3];
    for (const given of [Uint16Array.from(wanted), Int32Array.from(wanted), wanted]) {
      expect(allOf({ probabilities }, given, {})[0]?.outcomes).toEqual([1, 0]);
    }
  });

  it('leaves examples of weight 0 out, and weights that are all the same', () => {
    const event = [0.1, 0.2, 0.3];
    expect(allOf({ event }, [0, 1, 1], { weights: [2, 0, 1] })).toEqual([
      { size: 2, confidences: [0.1, 0.3], outcomes: [0, 1], weights: Float64Array.of(2, 1) },
    ]);
    expect(allOf({ event }, [0, 1, 1], { weights: [3, 3, 3] })[0]?.weights).toBeNull();
  });
});

describe('eventsOf refuses', () => {
  const probabilities = [0.5, 0.5];
  it.each<[string, AnyPredictions, Targets, EventOptions, RegExp]>([
    ['neither', {} as Predictions, [0], {}, /must be { probabilities } or { logits }, one of the two/],
    ['both', { probabilities, logits: [0, 1] } as Predictions, [0], {}, /one of the two/],
    [
      'a bare array',
      probabilities as unknown as Predictions,
      [0],
      {},
      /must be { probabilities } or { logits }/,
    ],
    [
      'logits as probabilities',
      { probabilities: [2, -1] },
      [0],
      {},
      /pass logits through softmax first, or say/,
    ],
    ['logits that are not finite', { logits: [0, Infinity] }, [0], { of: 1 }, /logits\[1\] is Infinity/],
    ['rows that are none', { probabilities: [0.5, 0.4] }, [0], { of: 'each_class' }, /sum to 0.9/],
    [
      'a class that is none',
      { probabilities },
      [0],
      { of: 2 },
      /of is 2: expected top_label, each_class, or the/,
    ],
    [
      'a class of an event',
      { event: [0.5] },
      [1],
      { of: 1 },
      /of is 1, but the predictions are of one event/,
    ],
    ['soft labels of an event', { event: [0.5] }, { distributions: [1], classes: 1 }, {}, /give it outcomes/],
    ['outcomes above 1', { event: [0.5] }, [2], {}, /outcomes\[0\] is 2: expected 0 or 1, or a share/],
    ['NaN of an event', { event: [NaN] }, [1], {}, /confidences\[0\] is NaN/],
    [
      'soft labels of other sizes',
      { probabilities },
      { distributions: [1, 0, 0], classes: 3 },
      {},
      /have 2 values, but soft labels 3/,
    ],
    [
      'soft labels without rows',
      { probabilities },
      { distributions: [1, 0, 0], classes: 2 },
      {},
      /expected rows of 2/,
    ],
    [
      'soft labels that are none',
      { probabilities },
      { distributions: [1, 1], classes: 2 },
      {},
      /soft labels of example 0 sum to 2/,
    ],
    ['too few weights', { probabilities }, [0], { weights: [] }, /0 weights for 1 examples/],
    [
      'negative weights',
      { probabilities },
      [0],
      { weights: [-1] },
      /weights\[0\] is -1: expected a finite number/,
    ],
    ['weights of 0 alone', { probabilities }, [0], { weights: [0] }, /at least one example must count/],
  ])('%s', (_, predictions, targets, options, message) => {
    expect(() => allOf(predictions, targets, options)).toThrow(MetricsError);
    expect(() => allOf(predictions, targets, options)).toThrow(message);
  });

  it('each class where one event is needed', () => {
    expect(() => singleEvent({ probabilities }, [0], { of: 'each_class' })).toThrow(
      'of is each_class: expected',
    );
  });
});
