export { accuracy } from './accuracy';
export { brierScore } from './brier';
export { calibrationError, classwiseCalibrationError, expectedCalibrationError } from './calibration-error';
export { reliabilityDiagramSvg } from './charts/reliability-svg';
export { MetricsError } from './errors';
export { negativeLogLikelihood } from './log-loss';
export { reliabilityDiagram } from './reliability-diagram';
export { softmax } from './softmax';
export { fitTemperature, temperatureBounds, temperatureGrid } from './temperature';

export type { Bin, Binning } from './bins';
export type { CalibrationOptions } from './calibration-error';
export type { ReliabilityDiagramSvgOptions } from './charts/reliability-svg';
export type { Labels, Numbers } from './inputs';
export type { ReliabilityDiagram } from './reliability-diagram';
export type { FitTemperatureOptions, TemperatureMethod } from './temperature';
