import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { negativeLogLikelihood } from '@label-relaxation/metrics';
import { fitTemperature, temperatureRefinement } from '../src';

const { refinement: peer } = JSON.parse(
  readFileSync(join(__dirname, '../../../tools/fixtures/metrics/measures.json'), 'utf8'),
) as {
  refinement: { logits: number[]; labels: number[]; folds: number[] } & Record<
    'calib-err_logloss_ts' | 'calib-err_brier_ts' | 'refinement_logloss_ts' | 'refinement_brier_ts',
    number
  >;
};

describe('temperatureRefinement', () => {
  it("is probmetrics', on its folds", () => {
    const { logits, labels, folds } = peer;
    const { nll, brier } = temperatureRefinement({ logits }, labels, { folds });
    expect(nll.refinement).toBeCloseTo(peer.refinement_logloss_ts, 5);
    expect(nll.calibration).toBeCloseTo(peer['calib-err_logloss_ts'], 5);
    expect(brier.refinement).toBeCloseTo(peer.refinement_brier_ts, 5);
    expect(brier.calibration).toBeCloseTo(peer['calib-err_brier_ts'], 5);
  });

  it('is the loss of folds at the temperature of the others, and hence not below that at the best one', () => {
    const { logits, labels } = peer;
    const { nll } = temperatureRefinement({ logits }, labels, { folds: 4, seed: 3 });
    const temperature = fitTemperature({ logits, labels });
    expect(nll.refinement).toBeGreaterThan(negativeLogLikelihood({ logits }, labels, { temperature }));
    expect(nll.total).toBeCloseTo(negativeLogLikelihood({ logits }, labels), 12);
    expect(temperatureRefinement({ logits }, labels, { folds: 4, seed: 3 }).nll).toEqual(nll);
  });
});
