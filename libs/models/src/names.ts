import type { NetworkDeclaration } from './declaration';
import { ModelError } from './errors';
import { type ModelName, networks } from './registry';

/** Every network, by its short name. */
export const MODEL_NAMES: readonly ModelName[] = networks.map(({ name }) => name);

/** Every network with the name that hyper-parameter files and summaries use. */
export const MODEL_TYPES = Object.fromEntries(networks.map(({ name, type }) => [name, type])) as Readonly<
  Record<ModelName, string>
>;

/** The declaration of a network by its short name. */
export function networkOf(name: ModelName): NetworkDeclaration {
  return networks.find((network) => network.name === name)!;
}

/** The network that a text means: its short or its long name, whatever the case; undefined where it is none. */
export function findModelName(text: string): ModelName | undefined {
  const key = text.trim().toLowerCase();
  return MODEL_NAMES.find((name) => name === key || MODEL_TYPES[name].toLowerCase() === key);
}

/**
 * As `findModelName`.
 *
 * @throws ModelError naming the networks if the text is none of them
 */
export function parseModelName(text: string): ModelName {
  const found = findModelName(text);
  if (found !== undefined) return found;
  throw new ModelError(`Unknown model "${text}": choose one of ${MODEL_NAMES.join(', ')}.`);
}
