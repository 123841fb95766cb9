export { adaptiveCalibrationError } from './binned/adaptive';
export { brierDecomposition } from './binned/brier-decomposition';
export {
  calibrationError,
  classwiseCalibrationError,
  expectedCalibrationError,
  maximumCalibrationError,
  overconfidence,
  rootMeanSquareCalibrationError,
  underconfidence,
} from './binned/calibration-error';
export { debiasedCalibrationError } from './binned/debiased';
export { reliabilityDiagram } from './binned/reliability-diagram';
export { bootstrap, pairedBootstrap } from './bootstrap/bootstrap';
export { kolmogorovSmirnovError, kuiperError } from './cumulative/kolmogorov-smirnov';
export { MetricsError } from './errors';
export { checkProbabilities, checkRows } from './inputs/check';
export { softmax } from './inputs/softmax';
export { ascendingOrder } from './numerics/ascending-order';
export { accuracy } from './scores/accuracy';
export { brierScore } from './scores/brier';
export { stratifiedFolds } from './scores/folds';
export { negativeLogLikelihood } from './scores/log-loss';
export { refinement } from './scores/refinement';
export { augrc, aurc, eAurc } from './selective/areas';
export { coverageAtRisk, riskAtCoverage, riskCoverageCurve } from './selective/risk-coverage';
export { kolmogorovSmirnovTest, kuiperTest, spiegelhalterTest } from './significance/calibration-tests';
export { reliabilityCurve } from './smooth/reliability-curve';
export {
  smoothCalibrationError,
  smoothOverconfidence,
  smoothUnderconfidence,
} from './smooth/smooth-calibration-error';

export type { AdaptiveOptions } from './binned/adaptive';
export type { Binning, BinOptions, CalibrationOptions } from './binned/binning';
export type { BrierDecomposition } from './binned/brier-decomposition';
export type { DebiasedOptions } from './binned/debiased';
export type { Bin, ReliabilityDiagram } from './binned/reliability-diagram';
export type { BootstrapOptions, BootstrapResult } from './bootstrap/bootstrap';
export type { EventOptions } from './events/events';
export type {
  EventPredictions,
  Labels,
  Numbers,
  Outcomes,
  Predictions,
  SoftLabels,
  Targets,
  Weighted,
} from './inputs/types';
export type { AnyPredictions, Measure } from './measure/measure';
export type { LogLossOptions } from './scores/log-loss';
export type { LabelledPredictions, LossSplit, Recalibrate, RefinementOptions } from './scores/refinement';
export type {
  CoverageAtRiskOptions,
  RiskAtCoverageOptions,
  RiskCoverageCurve,
} from './selective/risk-coverage';
export type { SelectiveOptions } from './selective/selection';
export type { CalibrationTest, TestOptions } from './significance/calibration-tests';
export type { ReliabilityCurve, ReliabilityCurveOptions } from './smooth/reliability-curve';
export type { SmoothOptions } from './smooth/smooth-calibration-error';
