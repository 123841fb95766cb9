import { SettingError } from '../errors';
import type { Graph } from '../graph/graph';
import { batchNormInParts } from './batch-norm/batch-norm-in-parts';
import { biasBeforeBatchNorm } from './batch-norm/bias-before-batch-norm';
import { normalisedConvolutions } from './batch-norm/normalised-convolutions';
import { normalisedProducts } from './batch-norm/normalised-products';
import { sharedStatistics } from './batch-norm/shared-statistics';
import { convolutionProducts } from './convolutions/convolution-products';
import { separateBiasGradients } from './convolutions/separate-bias-gradients';
import { winograd } from './convolutions/winograd';
import { denseBackward } from './dense/dense-backward';
import { wideMatrices } from './dense/wide-matrices';
import { nativeUniform } from './native-uniform';
import type { Pass, Target } from './pass';
import { bfloat16 } from './precision/bfloat16';
import { roundedBfloat16 } from './precision/rounded-bfloat16';
import { changesBetween, type PassReport } from './report';
import { inferredReshapes } from './simplify/inferred-reshapes';
import { matrixProducts } from './simplify/matrix-products';
import { noOpCasts } from './simplify/no-op-casts';

/** All passes, in their order: each takes what those before it made. */
export const passes: readonly Pass[] = [
  matrixProducts,
  noOpCasts,
  inferredReshapes,
  nativeUniform,
  denseBackward,
  wideMatrices,
  winograd,
  batchNormInParts,
  normalisedProducts,
  normalisedConvolutions,
  bfloat16,
  convolutionProducts,
  biasBeforeBatchNorm,
  separateBiasGradients,
  sharedStatistics,
  roundedBfloat16,
];

/**
 * The names of the passes that LABEL_RELAXATION_PASSES_OFF switches off, which are between commas.
 *
 * @throws SettingError for one that is no pass
 */
export function passesOff(setting = process.env['LABEL_RELAXATION_PASSES_OFF'] ?? ''): ReadonlySet<string> {
  const names = setting.split(',').map((name) => name.trim());
  const off = new Set(names.filter((name) => name !== ''));
  const known = passes.map(({ name }) => name);
  for (const name of off) {
    if (!known.includes(name)) {
      throw new SettingError(
        `LABEL_RELAXATION_PASSES_OFF names no pass "${name}": there are ${known.join(', ')}.`,
      );
    }
  }
  return off;
}

/** One function of a program on its way through the passes. */
export interface Compiled {
  readonly name: string;
  readonly target: Target;
  readonly graph: Graph;
}

/**
 * Takes the functions of a program through all passes.
 *
 * @param off names of the passes to leave out, by default those of LABEL_RELAXATION_PASSES_OFF
 * @returns the functions, and what each pass did to each of them
 */
export function optimise(
  functions: readonly Compiled[],
  off = passesOff(),
): { readonly functions: readonly Compiled[]; readonly reports: readonly PassReport[] } {
  const reports: PassReport[] = [];
  let now = functions;
  for (const pass of passes) {
    const all = now.map(({ graph }) => graph);
    now = now.map((compiled) => {
      const { name, target, graph } = compiled;
      const state = off.has(pass.name) ? 'off' : pass.appliesTo(target) ? 'on' : 'not for this';
      const after = state === 'on' ? pass.run(graph, target, all) : graph;
      reports.push({ function: name, target, pass, state, changes: changesBetween(graph, after) });
      return { ...compiled, graph: after };
    });
  }
  return { functions: now, reports };
}
