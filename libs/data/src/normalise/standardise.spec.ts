import { fixture } from '../../test/fixture';
import { held } from '../../test/held';
import { standardise } from './standardise';

const sklearn = fixture<{ values: number[]; taken: number[]; mean: number[]; deviation: number[] }>(
  'standardise.json',
);
const features = held(Float32Array.from(sklearn.values), [sklearn.mean.length]);
const taken = Int32Array.from(sklearn.taken);

describe('standardise', () => {
  it.each([
    ['in memory', features],
    ['read chunk by chunk', { ...features, inputs: null }],
  ])("equals scikit-learn's StandardScaler, with features %s", async (_, dataset) => {
    const { mean, deviation } = await standardise(dataset, taken);
    sklearn.mean.forEach((value, i) => expect(mean[i]! / value).toBeCloseTo(1, 6));
    sklearn.deviation.forEach((value, i) => expect(deviation[i]! / value).toBeCloseTo(1, 5));
  });

  it('leaves a constant feature as it is', async () => {
    const { deviation } = await standardise(features, taken);
    expect(deviation[2]).toBe(1);
  });

  it('refuses no examples', async () => {
    await expect(standardise(features, new Int32Array(0))).rejects.toThrow('at least one example');
  });
});
