import type { CalibrationMethod } from '@label-relaxation/calibration';
import { withoutCredentials } from '@label-relaxation/tracking';
import { dataFlags, datasetFlag, memoryFlag } from './data-flags';
import type { Command, Flag } from './flags';
import {
  addressFlag,
  booleanFlag,
  choiceFlag,
  listFlag,
  numberFlag,
  numbersFlag,
  optional,
  textFlag,
  trackingUriFlag,
} from './flags';
import { labelFlags } from './label-flags';
import { alphaHelp, exampleAlphaHelp, lossFlag, lossParameterFlags } from './loss-flags';
import { moduleDigestFlags, networkFlag } from './network-flag';

const maxSeed = 2 ** 32 - 1;
const calibratesNothing = 'it calibrates nothing; study does, with the alpha that is best';

/**
 * Every flag of the study: the one place that knows its name, default, check and help text. The command line, the
 * MLflow params, `--help` and the experiment targets are made from it. Names and defaults are those of the original.
 */
export const parameterTable = {
  model_name: networkFlag({ group: 'Experiment' }),
  dataset_name: datasetFlag({ group: 'Experiment' }),
  loss_name: lossFlag({ group: 'Experiment' }),
  alpha: numberFlag(
    0,
    { min: 0 },
    { group: 'Experiment', help: alphaHelp, commands: ['study'], elsewhere: 'it tries those of --alphas' },
  ),
  ...lossParameterFlags({ group: 'Experiment' }),
  ...moduleDigestFlags({ group: 'Experiment' }),
  seed: numberFlag(
    0,
    { min: 0, max: maxSeed, integer: true },
    {
      group: 'Experiment',
      help: 'seed of the split, the initial weights, the batch order, dropout and augmentation',
    },
  ),
  init_from: textFlag("a run's id, or a path, which begins with ./", {
    group: 'Experiment',
    help: "begin with the weights of a tracked run's model, or of one saved in a folder; for another number of classes with a new last layer",
  }),
  load_ext_params: booleanFlag(false, {
    group: 'Experiment',
    help: "take the paper's hyper-parameters from misc/ for every flag that isn't given",
  }),
  paper_alpha: booleanFlag(false, {
    group: 'Experiment',
    help: `unless --alpha is given, take the loss's example value: ${exampleAlphaHelp}`,
    commands: ['study'],
    elsewhere: 'it tries those of --alphas',
    logged: false,
  }),

  epochs: numberFlag(
    200,
    { min: 1, integer: true },
    { group: 'Training', help: 'passes over the training part' },
  ),
  batch_size: numberFlag(64, { min: 1, integer: true }, { group: 'Training', help: 'examples in a step' }),
  initial_lr: numberFlag(
    1e-3,
    { min: 0, above: true },
    { group: 'Training', help: 'learning rate at the start' },
  ),
  lr_sched_multipler: numberFlag(
    0.1,
    { min: 0, above: true },
    {
      group: 'Training',
      help: 'factor on the learning rate after each of --steps',
      aliases: ['lr_sched_multiplier'],
    },
  ),
  steps: numbersFlag(
    [80, 120, 160, 180],
    { min: 0, integer: true },
    { group: 'Training', help: 'epochs after which the learning rate is multiplied' },
  ),
  decay: numberFlag(
    0,
    { min: 0 },
    { group: 'Training', help: 'learning-rate decay per iteration, as in Keras' },
  ),
  gradient_clipping: numberFlag(
    0,
    { min: 0 },
    { group: 'Training', help: 'clip each gradient to [-value, value]; 0 is off' },
  ),
  warmup: numberFlag(
    0,
    { min: 0, integer: true },
    { group: 'Training', help: 'epochs of linear warm-up of the learning rate' },
  ),
  reduce_on_plateau: booleanFlag(false, {
    group: 'Training',
    help: 'multiply the learning rate by sqrt(0.1) after 10 epochs without a lower val_loss',
  }),
  model_checkpoints: booleanFlag(false, {
    group: 'Training',
    help: 'also keep the model of the best epoch, by --select',
  }),

  data_augmentation: booleanFlag(true, {
    group: 'Data',
    help: 'shift images by up to a tenth and flip them left to right',
  }),
  subtract_pixel_mean: booleanFlag(true, {
    group: 'Data',
    help: 'subtract the per-pixel mean of the training part from images; features are always standardised',
  }),
  data_dir: textFlag('a folder', {
    group: 'Data',
    help: "folder with the data set's files, or with a sub-folder of the data set's name that has them; for a relative path, the folder that it begins in",
    logged: false,
  }),
  ...dataFlags({ group: 'Data' }),

  ...labelFlags,

  test_run: booleanFlag(false, {
    group: 'Scoring',
    help: 'train on the whole training part and score the test part; otherwise a quarter is held out and scored',
    commands: ['study'],
    elsewhere: 'it scores trials on validation data, and the final run on the test part',
  }),
  calibrate: choiceFlag(
    'none',
    {
      none: [],
      temperature: ['ts'],
      vector: [],
      svector: ['svs'],
      matrix: [],
      smatrix: ['sms'],
      dirichlet: [],
      platt: [],
      beta: [],
      isotonic: [],
      histogram: [],
      venn_abers: [],
      best: [],
    } satisfies Record<CalibrationMethod | 'none' | 'best', readonly string[]>,
    {
      group: 'Scoring',
      help: 'hold out 15% of the training part and calibrate the network on it; best takes the method of least cross-validated NLL',
      commands: ['study'],
      elsewhere: calibratesNothing,
    },
  ),
  temp_scaling: booleanFlag(false, {
    group: 'Scoring',
    help: 'the same as --calibrate temperature',
    commands: ['study'],
    elsewhere: calibratesNothing,
  }),
  temp_method: choiceFlag(
    'nll',
    { nll: [], ece_grid: [] },
    {
      group: 'Scoring',
      help: "how the temperature is chosen: nll (lowest NLL) or ece_grid (lowest ECE on the paper's grid of 16 values)",
      commands: ['study'],
      elsewhere: calibratesNothing,
    },
  ),

  conformal: numberFlag(
    0,
    { min: 0, max: 0.99 },
    {
      group: 'Scoring',
      help: 'predict sets that miss the right class this often, such as 0.1, with a threshold from the held-out 15%; 0 is off',
      commands: ['study'],
      elsewhere: calibratesNothing,
    },
  ),
  predictions: optional(
    choiceFlag(
      'logits',
      { logits: [], probabilities: [] },
      {
        group: 'Scoring',
        help: 'what the file of the command score holds; not needed where its array is named so',
        commands: ['study'],
        elsewhere: 'it scores what it trains',
        logged: false,
      },
    ),
  ),
  select: choiceFlag(
    'accuracy',
    { accuracy: [], ece: [], nll: [], brier: [], refinement: [] },
    {
      group: 'Scoring',
      help: 'what is best on the validation part, for a search and for --model_checkpoints; refinement is the NLL that temperature scaling leaves',
    },
  ),

  alphas: listFlag(
    { min: 0 },
    {
      group: 'Search',
      help: "values of the loss's parameter to try, such as 0.05,0.1; by default the paper's seven",
      commands: ['study-ho'],
      logged: false,
    },
  ),
  seeds: listFlag(
    { min: 0, max: maxSeed, integer: true },
    {
      group: 'Search',
      help: 'one study for each of these seeds, such as 0-9 or 0,2,5-7, in place of --seed',
      commands: ['study-ho'],
      logged: false,
    },
  ),
  optimize_ece: booleanFlag(false, {
    group: 'Search',
    help: 'the same as --select ece',
    commands: ['study-ho'],
    logged: false,
  }),
  parallel: numberFlag(
    0,
    { min: 0, max: 1024, integer: true },
    {
      group: 'Search',
      help: "trials at a time, each in a process of its own with its share of TensorFlow's threads; 0 chooses from cores and memory",
      commands: ['study-ho'],
      logged: false,
    },
  ),
  engine: choiceFlag(
    'local',
    { local: [], bullmq: [] },
    {
      group: 'Search',
      help: 'where trials run: local (on this machine) or bullmq (wherever "study-ho worker" runs)',
      commands: ['study-ho'],
      logged: false,
    },
  ),
  redis: addressFlag('a redis:// address', {
    group: 'Search',
    help: 'Redis server of --engine bullmq and of workers (otherwise REDIS_URL, else redis://127.0.0.1:6379)',
    commands: ['study-ho'],
    logged: false,
  }),

  tracking_uri: trackingUriFlag({
    group: 'Tracking',
    help: 'MLflow server (otherwise MLFLOW_TRACKING_URI)',
    logged: false,
  }),
  experiment_name: textFlag('a name', {
    group: 'Tracking',
    help: 'MLflow experiment (otherwise MLFLOW_EXPERIMENT_NAME, else LabelRelaxationStudy)',
    logged: false,
  }),
  run_name: textFlag('a name', { group: 'Tracking', help: 'name of the run', logged: false }),
  autolog_freq: numberFlag(
    1,
    { min: 1, integer: true },
    { group: 'Tracking', help: 'log metrics every so many epochs; the last epoch always' },
  ),
  offline: booleanFlag(false, {
    group: 'Tracking',
    help: 'write the run into a journal on disk, with no server at all',
    commands: ['study'],
    elsewhere: 'it finds the runs of a search on the server',
    logged: false,
  }),
  resume: booleanFlag(false, {
    group: 'Tracking',
    help: 'go on with the last interrupted run of these settings, from its last finished epoch',
    logged: false,
  }),

  eager: booleanFlag(false, {
    group: 'Machine',
    help: 'run TensorFlow op by op in place of a compiled step (slower; the reference)',
  }),
  precision: choiceFlag(
    'float32',
    { float32: [], bfloat16: [], auto: [] },
    {
      group: 'Machine',
      help: 'number format of convolutions and large matrix products: float32, bfloat16, or auto, the faster on this machine',
    },
  ),
  explain: booleanFlag(false, {
    group: 'Machine',
    help: "print what each of the compiler's passes changes in the step (LABEL_RELAXATION_PASSES_OFF switches passes off)",
    commands: ['study'],
    elsewhere: 'it compiles its trials as study does',
    logged: false,
  }),
  threads: numberFlag(
    0,
    { min: 0, max: 1024, integer: true },
    {
      group: 'Machine',
      help: "TensorFlow's threads; 0 takes one a core, 1 repeats runs bit for bit",
      logged: false,
    },
  ),

  memory: memoryFlag({ group: 'Machine' }),

  to: textFlag('a folder', {
    group: 'Output',
    help: 'of export: the folder to write the model into',
    commands: ['study'],
    elsewhere: 'it is of study -- export',
    logged: false,
  }),
  format: choiceFlag(
    'onnx',
    { onnx: [], tfjs: [], saved_model: [], transformers: [] },
    {
      group: 'Output',
      help: 'of export: onnx, tfjs, saved_model or transformers (for @huggingface/transformers)',
      commands: ['study'],
      elsewhere: 'it is of study -- export',
      logged: false,
    },
  ),
  dry_run: booleanFlag(false, {
    group: 'Output',
    help: 'resolve the flags, load and split the data, print the plan, train nothing',
    logged: false,
  }),
  json: booleanFlag(false, {
    group: 'Output',
    help: 'print the result as one JSON object on the last line',
    logged: false,
  }),
  cluster_job: booleanFlag(false, { group: 'Output', help: 'no progress, for log files', logged: false }),
} satisfies Record<string, Flag<unknown>>;

/** The name of a flag. */
export type ParameterName = keyof typeof parameterTable;

/** A value for every flag. */
export type Parameters = {
  -readonly [K in ParameterName]: (typeof parameterTable)[K] extends Flag<infer T> ? T : never;
};

/** The flags that a user gave, already read. */
export type GivenParameters = Partial<Parameters>;

/** The flags of a command, in the order of the table. */
export function flagsOf(command: Command): [ParameterName, Flag<unknown>][] {
  return (Object.entries(parameterTable) as [ParameterName, Flag<unknown>][]).filter(([, flag]) =>
    flag.commands.includes(command),
  );
}

/** Reads one flag's text; throws a UsageError that names the flag and what it takes. */
export function parseParameter<K extends ParameterName>(name: K, text: string): Parameters[K] {
  const flag = parameterTable[name] as unknown as Flag<Parameters[K]>;
  return flag.parse(text, name);
}

/** The values of the flags that a single run has, without those of the search, and without passwords. */
export function configurationOf(parameters: Parameters): Partial<Parameters> {
  return Object.fromEntries(
    flagsOf('study').map(([name, { isAddress }]) => {
      const value = parameters[name];
      return [name, isAddress && typeof value === 'string' ? withoutCredentials(value) : value];
    }),
  );
}
