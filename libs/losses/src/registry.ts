import type { LossDeclaration } from './declaration';
import { brier } from './losses/brier';
import { confidencePenalty } from './losses/confidence-penalty';
import { credal } from './losses/credal';
import { crossEntropy } from './losses/cross-entropy';
import { dataAmbiguation } from './losses/data-ambiguation';
import { dualFocal } from './losses/dual-focal';
import { focal } from './losses/focal';
import { generalizedCrossEntropy } from './losses/generalized-cross-entropy';
import { labelRelaxation } from './losses/label-relaxation';
import { marginSmoothing } from './losses/margin-smoothing';
import { maxSup } from './losses/max-sup';

/** Every loss of the study, in the order of tables: the paper's four, then those that came after. */
export const losses = [
  crossEntropy,
  confidencePenalty,
  focal,
  labelRelaxation,
  dataAmbiguation,
  credal,
  generalizedCrossEntropy,
  maxSup,
  marginSmoothing,
  dualFocal,
  brier,
] as const satisfies readonly LossDeclaration[];

type Declared = (typeof losses)[number];

/** A loss's canonical name. */
export type LossName = Declared['name'];

type ParametersOf<D> = D extends { readonly parameters: infer P } ? keyof P & string : never;

/** The name of a parameter that some loss has besides alpha. */
export type LossParameterName = ParametersOf<Declared>;
