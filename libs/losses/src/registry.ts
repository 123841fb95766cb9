import type { LossDeclaration } from './declaration';
import { confidencePenalty } from './losses/confidence-penalty';
import { crossEntropy } from './losses/cross-entropy';
import { focal } from './losses/focal';
import { labelRelaxation } from './losses/label-relaxation';

/** Every loss of the study, in the order of the paper's tables. */
export const losses = [
  crossEntropy,
  confidencePenalty,
  focal,
  labelRelaxation,
] as const satisfies readonly LossDeclaration[];

type Declared = (typeof losses)[number];

/** A loss's canonical name. */
export type LossName = Declared['name'];

type ParametersOf<D> = D extends { readonly parameters: infer P } ? keyof P & string : never;

/** The name of a parameter that some loss has besides alpha. */
export type LossParameterName = ParametersOf<Declared>;
