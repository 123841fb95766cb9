import { ModelError } from './errors';

/** The four networks of the study. */
export type ModelName = 'simple_dense' | 'vgg' | 'resnet' | 'densenet';

/** Every network with the name that hyper-parameter files and summaries use. */
export const MODEL_TYPES = {
  simple_dense: 'simple_dense',
  vgg: 'VGG16',
  resnet: 'ResNet56V2',
  densenet: 'DenseNetBC',
} as const satisfies Readonly<Record<ModelName, string>>;

/** Every network, by its short name. */
export const MODEL_NAMES = Object.keys(MODEL_TYPES) as readonly ModelName[];

/**
 * The network that a text means: its short or its long name, whatever the case.
 *
 * @throws ModelError naming the networks if the text is none of them
 */
export function parseModelName(text: string): ModelName {
  const key = text.trim().toLowerCase();
  const found = MODEL_NAMES.find((name) => name === key || MODEL_TYPES[name].toLowerCase() === key);
  if (found !== undefined) return found;
  throw new ModelError(`Unknown model "${text}": choose one of ${MODEL_NAMES.join(', ')}.`);
}
