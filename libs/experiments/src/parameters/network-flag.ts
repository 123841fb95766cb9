import { isPath } from '@label-relaxation/data';
import { findModelName, MODEL_NAMES, networks } from '@label-relaxation/models/declarations';
import { type Flag, parsedFlag, textFlag } from './flags';
import type { ModelFlag } from './names';

type Options = Pick<Flag<unknown>, 'group'>;

const either = new Intl.ListFormat('en', { type: 'disjunction' });

/** The flag that takes a network by its short or its long name, or the path of a module of the user's own. */
export function networkFlag(options: Options): Flag<ModelFlag> {
  const help = `network: ${either.format(MODEL_NAMES)}; or the path of your own, such as ./my-network.ts`;
  const takes = `one of ${MODEL_NAMES.join(', ')}, or a path, which begins with ./`;
  const find = (text: string) => (isPath(text.trim()) ? text.trim() : findModelName(text));
  return parsedFlag<ModelFlag>('vgg', takes, find, { ...options, help });
}

/** The flags that hold a run to the text of the user's own network and loss. */
export function moduleDigestFlags(options: Options) {
  const digestFlag = (what: string) =>
    textFlag("the SHA-256 of a module's text", {
      ...options,
      help: `refuse a ${what} of your own with another text; a search gives it to its trials`,
    });
  return { model_sha256: digestFlag('network'), loss_sha256: digestFlag('loss') };
}

/** The networks that take images of so many pixels a side, in words. */
export function networksFor(side: number): string {
  return either.format(networks.flatMap(({ name, smallest }) => ((smallest ?? 0) <= side ? [name] : [])));
}
