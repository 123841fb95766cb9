export {
  brier,
  confidencePenalty,
  credal,
  crossEntropy,
  dataAmbiguation,
  dualFocal,
  focal,
  generalizedCrossEntropy,
  labelRelaxation,
  marginSmoothing,
  maxSup,
} from './batch-loss';
export { LossError } from './errors';
export { declarationOf, findLoss, parseLossName, shortLossName } from './find-loss';
export { createLoss } from './loss';
export { checkAlpha } from './range';
export { losses } from './registry';

export type { BatchLoss, LossOptions } from './batch-loss';
export type { ClosedForm, LossDeclaration, LossInput } from './declaration';
export type { Labels } from './labels';
export type { Loss } from './loss';
export type { Reduced, Reduction } from './reduction';
export type { LossName } from './registry';
