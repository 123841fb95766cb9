export {
  calibrationMethods,
  fitCalibrator,
  logitWeights,
  parseCalibrator,
  refusalOf,
  transform,
} from './calibrator';
export { chooseCalibrator } from './choose-calibrator';
export { fitConformal, parseConformal, predictSets } from './conformal/conformal-predictor';
export { scoreSets, setOf } from './conformal/prediction-sets';
export { CalibrationError } from './errors';
export { temperatureRefinement } from './temperature-refinement';
export { fitTemperature, temperatureBounds, temperatureGrid } from './methods/temperature';

export type { CalibrationMethod, CalibrationOptions, Calibrator, CalibratorOf } from './calibrator';
export type { Choice, ChooseOptions, MethodScore } from './choose-calibrator';
export type { ConformalOptions, ConformalPredictor } from './conformal/conformal-predictor';
export type { PredictionSets, SetScores } from './conformal/prediction-sets';
export type { ConformalScore } from './conformal/scores';
export type { PredictionKind } from './inputs';
export type { AffineCalibrator, LogitWeights } from './methods/affine';
export type { DirichletCalibrator, DirichletOptions } from './methods/dirichlet';
export type { HistogramOptions } from './methods/histogram';
export type { TemperatureCalibrator, TemperatureMethod, TemperatureOptions } from './methods/temperature';
