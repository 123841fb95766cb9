import { findModelName, MODEL_NAMES, type ModelName, networks } from '@label-relaxation/models/declarations';
import { type Flag, parsedFlag } from './flags';

const either = new Intl.ListFormat('en', { type: 'disjunction' });

/** The flag that takes a network by its short or its long name. */
export function networkFlag(options: Pick<Flag<unknown>, 'group'>): Flag<ModelName> {
  const help = `network: ${either.format(MODEL_NAMES)}`;
  return parsedFlag('vgg', `one of ${MODEL_NAMES.join(', ')}`, findModelName, { ...options, help });
}

/** The networks that take images of so many pixels a side, in words. */
export function networksFor(side: number): string {
  return either.format(networks.flatMap(({ name, smallest }) => ((smallest ?? 0) <= side ? [name] : [])));
}
