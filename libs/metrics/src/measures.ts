/** Every measure of the library. */
export { adaptiveCalibrationError } from './binned/adaptive';
export {
  expectedCalibrationError,
  maximumCalibrationError,
  overconfidence,
  rootMeanSquareCalibrationError,
  underconfidence,
} from './binned/calibration-error';
export { debiasedCalibrationError } from './binned/debiased';
export { kolmogorovSmirnovError, kuiperError } from './cumulative/kolmogorov-smirnov';
export { accuracy } from './scores/accuracy';
export { brierScore } from './scores/brier';
export { negativeLogLikelihood } from './scores/log-loss';
export { augrc, aurc, eAurc } from './selective/areas';
export { coverageAtRisk, riskAtCoverage } from './selective/risk-coverage';
export {
  smoothCalibrationError,
  smoothOverconfidence,
  smoothUnderconfidence,
} from './smooth/smooth-calibration-error';
