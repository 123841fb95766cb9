import {
  brierScore,
  calibrationError,
  classwiseCalibrationError,
  expectedCalibrationError,
  reliabilityDiagram,
  softmax,
} from '../src';

/** Inputs on which calibration code in public use went wrong; the names say where it was reported. */
describe('faults reported elsewhere', () => {
  it.each([10, 15])('confidence 1 lies in the last of %d bins (torchmetrics#3510)', (bins) => {
    expect(calibrationError([0.95, 1], [1, 0], { bins })).toBeCloseTo(0.475, 15);
    const probabilities = [0.95, 0.05, 1, 0];
    expect(expectedCalibrationError(probabilities, [0, 1], { bins })).toBeCloseTo(0.475, 15);
    expect(expectedCalibrationError(Float32Array.from(probabilities), [0, 1], { bins })).toBeCloseTo(
      0.475,
      7,
    );
  });

  it('confidence 0 lies in the first bin (laya#39)', () => {
    expect(calibrationError([0], [1])).toBe(1);
    expect(calibrationError(new Float32Array(1), [1])).toBe(1);
    expect(calibrationError([0], [1], { binning: 'equal_mass' })).toBe(1);
    expect(classwiseCalibrationError([0, 1], [0])).toBe(1);
  });

  it("a bin's confidence is its examples' mean, not its centre (pycalib#4)", () => {
    expect(calibrationError([1, 1, 1], [1, 1, 1])).toBe(0);
    expect(expectedCalibrationError([1, 0, 1, 0, 0, 1], [0, 0, 1])).toBe(0);
    expect(reliabilityDiagram([1, 0], [0]).bins[14]).toMatchObject({ confidence: 1, accuracy: 1, gap: 0 });
  });

  it('coinciding quantiles make one bin (TrustLens#144)', () => {
    const options = { binning: 'equal_mass' } as const;
    expect(calibrationError([0.8, 0.8, 0.8, 0.8], [1, 1, 0, 0], options)).toBeCloseTo(0.3, 15);
    expect(calibrationError([0.8, 0.8, 0.8, 0.8], [0, 1, 0, 1], options)).toBeCloseTo(0.3, 15);
    // Two values only, most edges coincide: one bin each.
    expect(calibrationError([0.6, 0.6, 0.6, 0.9, 0.9], [1, 0, 1, 1, 1], options)).toBeCloseTo(
      (3 * Math.abs(0.6 - 2 / 3) + 2 * 0.1) / 5,
      15,
    );
  });

  it('a class without an example is no error (verified_calibration#2)', () => {
    expect(expectedCalibrationError([0.9, 0.1, 0.8, 0.2], [0, 0])).toBeCloseTo(0.15, 15);
    expect(classwiseCalibrationError([0.9, 0.1, 0.8, 0.2], [0, 0])).toBeCloseTo(0.15, 15);
  });

  it('the positive class is judged by its own frequency (torchmetrics#1105)', () => {
    expect(calibrationError([0.01, 0.001, 0.005], [1, 1, 1])).toBeCloseTo(0.9946666666666667, 15);
  });

  it('logits between 0 and 1 are logits, and are refused as probabilities (torchmetrics#974)', () => {
    expect(softmax([0.2, 0.9], 2)[1]).toBeCloseTo(0.6681877721681662, 15);
    expect(expectedCalibrationError({ logits: [0.2, 0.9] }, [1])).toBeCloseTo(1 - 0.6681877721681662, 15);
    for (const given of [[0.2, 0.9], { probabilities: [0.2, 0.9] }]) {
      expect(() => expectedCalibrationError(given, [1])).toThrow(
        /sum to 1.1, not to 1: pass logits through softmax/,
      );
    }
  });

  it('the Brier score sums over classes and reaches 2 (scikit-learn#18699)', () => {
    expect(brierScore([1, 0, 0], [1])).toBe(2);
    expect(brierScore([1, 0, 0], [0])).toBe(0);
  });
});
