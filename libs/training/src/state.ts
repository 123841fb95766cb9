import { tf } from '@label-relaxation/runtime';
import { TrainingError } from './errors';
import type { NamedVariable, TrainableNetwork } from './network';
import type { SavedVariable, StepState } from './step';

/** All variables of a network in the order in which states keep them. */
export function networkVariables(network: TrainableNetwork): readonly NamedVariable[] {
  return [...network.trainableVariables, ...network.nonTrainableVariables];
}

/** Copies variables' values out of tfjs. */
export async function readVariables(variables: readonly NamedVariable[]): Promise<SavedVariable[]> {
  return Promise.all(
    variables.map(async ({ name, variable }) => ({
      name,
      shape: variable.shape,
      values: (await variable.data()) as Float32Array,
    })),
  );
}

/** Puts saved values into tfjs variables; both lists are in the same order. */
export function assignVariables(variables: readonly NamedVariable[], saved: readonly SavedVariable[]): void {
  tf.tidy(() => {
    variables.forEach(({ variable }, i) =>
      variable.assign(tf.tensor(saved[i]!.values.slice(), variable.shape)),
    );
  });
}

/** Throws a TrainingError unless a state has exactly the network's variables. */
export function checkState(network: TrainableNetwork, state: StepState): void {
  checkVariables('weights', networkVariables(network), state.weights);
  checkVariables('velocities', network.trainableVariables, state.velocities);
}

function checkVariables(
  kind: string,
  variables: readonly NamedVariable[],
  saved: readonly SavedVariable[],
): void {
  if (saved.length !== variables.length) {
    throw new TrainingError(
      `The state has ${saved.length} ${kind} where the network has ${variables.length}: is it of another model?`,
    );
  }
  variables.forEach(({ name, variable }, i) => {
    const { name: found, shape } = saved[i]!;
    if (found !== name || shape.join() !== variable.shape.join()) {
      throw new TrainingError(
        `The state has ${found} [${shape}] where the network has ${name} [${variable.shape}]: is it of another model?`,
      );
    }
  });
}
