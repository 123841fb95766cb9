import type { Events } from '../events/events';
import { createBinner, equalMassEdges, equalWidthEdges } from './binning';

function eventsOf(confidences: number[] | Float32Array, weights: number[] | null = null): Events {
  return {
    size: confidences.length,
    confidences: confidences instanceof Float32Array ? confidences : Float64Array.from(confidences),
    outcomes: new Uint8Array(confidences.length),
    weights: weights === null ? null : Float64Array.from(weights),
  };
}

function placesOf(
  events: Events,
  binning: 'equal_width' | 'equal_mass',
  bins: number,
  counts: readonly number[] = new Array<number>(events.size).fill(1),
): number[] {
  return Array.from(createBinner(events, { bins, binning })(Uint8Array.from(counts)));
}

describe('bins of equal width', () => {
  it.each([1, 2, 7, 10, 15, 20, 30, 100])('%d bins: every edge opens its own bin, in both types', (bins) => {
    const expected = Array.from({ length: bins }, (_, k) => k);
    const edges = expected.map((k) => k / bins);
    const centres = expected.map((k) => (k + 0.5) / bins);
    for (const values of [edges, centres]) {
      expect(placesOf(eventsOf(values), 'equal_width', bins)).toEqual(expected);
      expect(placesOf(eventsOf(Float32Array.from(values)), 'equal_width', bins)).toEqual(expected);
    }
    expect(placesOf(eventsOf([1]), 'equal_width', bins)).toEqual([bins - 1]);
    expect(equalWidthEdges(eventsOf([1]), bins)).toHaveLength(bins + 1);
  });

  it('a float32 value that rounds to 0.7 opens the eighth of ten bins, though it is below 0.7 in float64', () => {
    const value = Math.fround(0.7);
    expect(value).toBeLessThan(0.7);
    expect(placesOf(eventsOf(Float32Array.of(value)), 'equal_width', 10)).toEqual([7]);
    expect(placesOf(eventsOf([value]), 'equal_width', 10)).toEqual([6]);
  });

  it('takes a float32 softmax output that exceeds 1 by rounding', () => {
    expect(placesOf(eventsOf(Float32Array.of(1.0000001)), 'equal_width', 15)).toEqual([14]);
  });

  it('takes more bins than a 16-bit number can tell apart', () => {
    expect(placesOf(eventsOf([0.999999]), 'equal_width', 1_000_000)).toEqual([999_999]);
  });
});

describe('bins of equal mass', () => {
  it('share distinct confidences out evenly', () => {
    const places = placesOf(eventsOf(Array.from({ length: 60 }, (_, i) => i / 60)), 'equal_mass', 15);
    const counts = new Array<number>(15).fill(0);
    for (const bin of places) counts[bin]!++;
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
  });

  it('lie between interpolated quantiles, what is on one in the lower bin', () => {
    const events = eventsOf([0.1, 0.2, 0.3, 0.4, 0.5]);
    expect(Array.from(equalMassEdges(events, 2))).toEqual([0.1, 0.3, 0.5]);
    expect(placesOf(events, 'equal_mass', 2)).toEqual([0, 0, 0, 1, 1]);
    expect(equalMassEdges(eventsOf([0.2, 0.4]), 2)[1]).toBeCloseTo(0.3, 15);
  });

  it('hold each confidence between their edges, whatever the ties and weights', () => {
    for (let seed = 1; seed <= 30; seed++) {
      const size = 1 + ((seed * 7) % 23);
      const confidences = Array.from({ length: size }, (_, i) => ((i * i * seed) % 11) / 10);
      for (const weights of [null, Array.from({ length: size }, (_, i) => 1 + ((i * seed) % 4))]) {
        const events = eventsOf(
          confidences.map((value) => Math.min(value, 1)),
          weights,
        );
        const edges = equalMassEdges(events, 5);
        const places = placesOf(events, 'equal_mass', 5);
        places.forEach((bin, i) => {
          expect(edges[bin + 1]! + 1e-12).toBeGreaterThanOrEqual(events.confidences[i]!);
          if (bin > 0) expect(edges[bin]! - 1e-12).toBeLessThan(events.confidences[i]!);
        });
      }
    }
  });

  it('of a resample are those of its examples written out', () => {
    const confidences = [0.9, 0.2, 0.4, 0.7, 0.5, 0.3];
    const counts = [2, 0, 3, 1, 1, 1];
    const written = confidences.flatMap((confidence, i) => new Array<number>(counts[i]!).fill(confidence));
    const expected = placesOf(eventsOf(written), 'equal_mass', 3);
    const places = placesOf(eventsOf(confidences), 'equal_mass', 3, counts);
    expect(places.flatMap((bin, i) => new Array<number>(counts[i]!).fill(bin))).toEqual(expected);
  });
});
