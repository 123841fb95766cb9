import type { LossDeclaration } from '@label-relaxation/losses/declarations';
import { losses } from '@label-relaxation/losses/declarations';

/** Params that change what a run comes to, apart from those that the tables are laid out by, and their names in print. */
const trainingSettings = {
  epochs: 'epochs',
  batch_size: 'batch size',
  initial_lr: 'learning rate',
  steps: 'steps',
  lr_sched_multipler: 'multiplier',
  decay: 'decay',
  gradient_clipping: 'clipping',
  warmup: 'warm-up',
  reduce_on_plateau: 'plateau',
  data_augmentation: 'augmentation',
  subtract_pixel_mean: 'pixel mean',
  precision: 'precision',
  dataset_sha256: 'data',
  model_sha256: 'network',
  loss_sha256: 'loss',
  init_from: 'begun from',
  image_size: 'image size',
  channels: 'channels',
  skip_damaged: 'damaged left out',
  label_column: 'label column',
  split: 'split',
  test_share: 'test share',
  stratify: 'stratified',
  label_noise: 'label noise',
  noise: 'noise',
  labels: 'labels',
  noisy_validation: 'noisy validation',
} as const;

const declarations: readonly LossDeclaration[] = losses;

/** The params that some loss has besides alpha. */
const lossParameters = [...new Set(declarations.flatMap(({ parameters = {} }) => Object.keys(parameters)))];

/** Settings that only some losses or runs have: one that lacks it differs from the others by that already. */
export const ownSettings: readonly string[] = ['alphas', 'temp_method', ...lossParameters];

/** A digest's characters in print: as many as tell two apart. */
const digestLength = 8;

/** A run's settings by param, in the order of the list above; those that were not logged are left out. */
export type Settings = Readonly<Record<string, string>>;

/** Reads what changes a run's outcome; a search's grid and the way to a temperature only where they are used. */
export function readSettings(
  params: ReadonlyMap<string, string>,
  used: { readonly grid: boolean; readonly temperature: boolean },
): Settings {
  const names = [
    ...Object.keys(trainingSettings),
    ...lossParameters,
    ...(used.grid ? ['alphas'] : []),
    ...(used.temperature ? ['temp_method'] : []),
  ];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = params.get(name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** The settings in which some of the given ones differ, by param. */
export function varyingSettings(all: readonly Settings[]): string[] {
  const names = [...new Set(all.flatMap((settings) => Object.keys(settings)))];
  return names.filter((name) => new Set(all.map((settings) => settings[name])).size > 1);
}

/** Settings in print, such as "25 epochs" or "batch size 32"; those that were not logged are left out. */
export function settingsText(settings: Settings, names: readonly string[]): string[] {
  return names.flatMap((name) => {
    const value = settings[name];
    if (value === undefined) return [];
    if (name === 'epochs') return [value === '1' ? '1 epoch' : `${value} epochs`];
    if (name === 'alphas') return [`of ${value.split(',').join(', ')}`];
    const title = (trainingSettings as Readonly<Record<string, string>>)[name] ?? name.replaceAll('_', ' ');
    return [`${title} ${name.endsWith('_sha256') ? value.slice(0, digestLength) : value}`];
  });
}
