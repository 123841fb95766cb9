export { checkAlpha } from './alpha';
export { confidencePenalty } from './confidence-penalty';
export { crossEntropy } from './cross-entropy';
export { LossError } from './errors';
export { focal } from './focal';
export { labelRelaxation } from './label-relaxation';
export { createLoss } from './loss';
export { LOSS_NAMES, parseLossName, shortLossName } from './names';

export type { Labels } from './labels';
export type { Loss } from './loss';
export type { LossName } from './names';
export type { LossOptions, Reduced, Reduction } from './reduction';
