export { LossError } from './errors';
export { declarationOf, findLoss, lossTitle, parseLossName, shortLossName, spelled } from './find-loss';
export { labelKindOf, possibilitiesOf } from './possibilities';
export { alphaFault, checkAlpha, describeRange, isInRange } from './range';
export { losses } from './registry';

export type {
  AlphaDeclaration,
  ClosedForm,
  LabelKind,
  LossDeclaration,
  LossInput,
  LossParameter,
  NumberRange,
} from './declaration';
export type { LossName, LossParameterName } from './registry';
