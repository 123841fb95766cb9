export { confidencePenalty, crossEntropy, focal, labelRelaxation } from './batch-loss';
export { LossError } from './errors';
export { declarationOf, findLoss, parseLossName, shortLossName } from './find-loss';
export { createLoss } from './loss';
export { checkAlpha } from './range';
export { losses } from './registry';

export type { BatchLoss } from './batch-loss';
export type { ClosedForm, LossDeclaration, LossInput } from './declaration';
export type { Labels } from './labels';
export type { Loss } from './loss';
export type { LossOptions, Reduced, Reduction } from './reduction';
export type { LossName } from './registry';
