import { isPath } from '@label-relaxation/data';
import type { Flag } from './flags';
import { parsedFlag, textFlag } from './flags';
import type { ModelFlag } from './names';
import { modelTypes } from './names';

type Options = Pick<Flag<unknown>, 'group'>;

const names = Object.keys(modelTypes) as (keyof typeof modelTypes)[];

/** The flag that takes a network by its short or its long name, or the path of a module of the user's own. */
export function modelFlag(options: Options): Flag<ModelFlag> {
  const help =
    'network: simple_dense, vgg, resnet or densenet, or the path of your own, such as ./my-network.ts';
  const takes = `one of ${names.join(', ')}, or a path, which begins with ./`;
  const find = (text: string) => {
    const word = text.trim();
    if (isPath(word)) return word;
    return names.find((name) => [name, modelTypes[name].toLowerCase()].includes(word.toLowerCase()));
  };
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
