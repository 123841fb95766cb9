import { LossError } from './errors';

/** The four losses of the study. */
export type LossName = 'label_relaxation' | 'cross_entropy' | 'focal' | 'confidence_penalty';

/** Every loss, in the paper's order of interest. */
export const LOSS_NAMES: readonly LossName[] = [
  'label_relaxation',
  'cross_entropy',
  'focal',
  'confidence_penalty',
];

const SHORT_NAMES: Readonly<Record<LossName, string>> = {
  label_relaxation: 'lr',
  cross_entropy: 'ce',
  focal: 'focal',
  confidence_penalty: 'conf_pen',
};

/** Further spellings, without case, underscores, hyphens and spaces. */
const ALIASES: Readonly<Record<string, LossName>> = {
  categoricalcrossentropy: 'cross_entropy',
  focalloss: 'focal',
};

/**
 * The loss that a text means: its name, its short name (`lr`, `ce`, `focal`, `conf_pen`) or one of the original
 * study's spellings, whatever the case and with or without underscores.
 *
 * @throws LossError naming the accepted losses if the text is none of them
 */
export function parseLossName(text: string): LossName {
  const key = plain(text);
  const named = LOSS_NAMES.find((name) => plain(name) === key || plain(SHORT_NAMES[name]) === key);
  const found = named ?? (Object.hasOwn(ALIASES, key) ? ALIASES[key] : undefined);
  if (found !== undefined) return found;
  const choices = LOSS_NAMES.map((name) => `${shortLossName(name)} (${name})`).join(', ');
  throw new LossError(`Unknown loss "${text}": choose one of ${choices}.`);
}

/** The name used in file names and targets: `lr`, `ce`, `focal` or `conf_pen`. */
export function shortLossName(name: LossName): string {
  return SHORT_NAMES[name];
}

function plain(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/[_\s-]/g, '');
}
