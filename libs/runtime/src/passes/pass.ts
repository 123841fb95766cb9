import { nativeLanes, type Lanes } from '../native-ops';
import { hasAvx2Alone, hasBfloat16Kernels, hasBfloat16Products, instructionSets } from '../processor';
import type { Graph } from '../graph/graph';

/** What matters of a machine. */
export interface Machine {
  /** How many floats our own ops take at once; null where there are none. */
  readonly lanes: Lanes | null;
  /** Whether oneDNN has only its older kernels. */
  readonly avx2Alone: boolean;
  /** Whether TensorFlow has kernels for bfloat16. */
  readonly bfloat16Kernels: boolean;
  /** Whether our own ops are the ones to multiply bfloat16. */
  readonly bfloat16Products: boolean;
}

/** For what a graph is made. */
export interface Target {
  /** Null where the graph is to run anywhere. */
  readonly machine: Machine | null;
  readonly precision: 'float32' | 'bfloat16';
}

/** One optimisation of a graph, or one step towards what TensorFlow can run. */
export interface Pass {
  /** What it is called where it is explained or switched off. */
  readonly name: string;
  /** What it does, in one line. */
  readonly description: string;
  /** Whether it is for a machine and a precision. */
  appliesTo(target: Target): boolean;
  /**
   * The graph that computes the same but for rounding.
   *
   * @param all the graphs of all functions of the program, before this pass
   */
  run(graph: Graph, target: Target, all: readonly Graph[]): Graph;
}

/** The machine that this process runs on. */
export function thisMachine(): Machine {
  const sets = instructionSets();
  return {
    lanes: nativeLanes(sets),
    avx2Alone: hasAvx2Alone(sets),
    bfloat16Kernels: hasBfloat16Kernels(sets),
    bfloat16Products: hasBfloat16Products(sets),
  };
}

/** Whether a graph is for a machine with our own ops, in float32. */
export function hasFloatOps({ machine, precision }: Target): boolean {
  return machine !== null && machine.lanes !== null && precision === 'float32';
}

/** Whether it is for one whose ops take images of its precision. */
export function hasImageOps({ machine, precision }: Target): boolean {
  if (machine === null || machine.lanes === null) return false;
  return precision === 'float32' || machine.bfloat16Products;
}
