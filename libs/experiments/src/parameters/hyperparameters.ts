import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { LossDeclaration } from '@label-relaxation/losses/declarations';
import { alphaFault, losses } from '@label-relaxation/losses/declarations';
import { networks } from '@label-relaxation/models/declarations';
import { UsageError } from '../errors';
import type { LossFlag } from '../modules/own-loss';
import { lossOf } from '../modules/own-loss';
import { checkDataFlags } from './data-flags';
import { resolveLabels } from './label-flags';
import { modelTypeOf } from './names';
import { networksFor } from './network-flag';
import type { GivenParameters, Parameters } from './parameters';
import { parameterTable, parseParameter } from './parameters';

const fileKeys = [
  'initial_lr',
  'steps',
  'lr_sched_multipler',
  'epochs',
  'batch_size',
  'decay',
  'data_augmentation',
  'alpha',
] as const;

/** Height and width of the images of MNIST and Fashion-MNIST. */
const mnistSide = 28;

/** The folder with the paper's hyper-parameters: `misc/` of the nearest folder above this file that has one. */
export function defaultHyperparametersDir(): string {
  for (let dir = __dirname; dir !== dirname(dir); dir = dirname(dir)) {
    if (existsSync(join(dir, 'misc', 'hyperparams_lr.json'))) return join(dir, 'misc');
  }
  return join(process.cwd(), 'misc');
}

/**
 * The file with a loss's hyper-parameters, `hyperparams_<short name>.json`. Where there is none it is label relaxation's:
 * the paper's values are the same for all losses.
 */
function hyperparametersFile(loss: LossFlag, dir: string): string {
  const fileOf = (name: LossFlag) => join(dir, `hyperparams_${lossOf(name).short}.json`);
  return existsSync(fileOf(loss)) ? fileOf(loss) : fileOf('label_relaxation');
}

/**
 * Reads the hyper-parameters of a network, data set and loss, key `<Model>_<dataset>` of the loss's file. Throws a
 * UsageError where the file, the key or a value is wrong.
 */
export function readHyperparameters(
  { model_name, dataset_name, loss_name }: Pick<Parameters, 'model_name' | 'dataset_name' | 'loss_name'>,
  dir = defaultHyperparametersDir(),
): GivenParameters {
  const file = hyperparametersFile(loss_name, dir);
  const key = `${modelTypeOf(model_name)}_${dataset_name}`;
  let sets: Record<string, Record<string, unknown>>;
  try {
    sets = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new UsageError(`cannot read hyper-parameters from ${file}: ${(error as Error).message}`);
  }
  if (!isObject(sets)) throw new UsageError(`${file} holds no hyper-parameters: it is to be a JSON object`);
  const values = Object.hasOwn(sets, key) ? sets[key] : undefined;
  if (!values) {
    throw new UsageError(
      `${file} has no hyper-parameters for ${key}: it has ${Object.keys(sets).join(', ')}; leave out --load_ext_params and give the flags`,
    );
  }
  if (!isObject(values)) throw new UsageError(`${file}: ${key} is no JSON object with a value for each key`);
  const read: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(values)) {
    if (!fileKeys.includes(name as (typeof fileKeys)[number])) {
      throw new UsageError(
        `${file}: ${key} has an unknown key "${name}": it may have ${fileKeys.join(', ')}`,
      );
    }
    try {
      read[name] = parseParameter(name as (typeof fileKeys)[number], String(value));
    } catch (error) {
      throw new UsageError(`${file}: ${key}: ${(error as Error).message.replace(/^--/u, '')}`);
    }
  }
  return read as GivenParameters;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A complete set of parameters, and what the user should know about them. */
export interface ResolvedParameters {
  readonly parameters: Parameters;
  readonly warnings: readonly string[];
}

/**
 * Completes what was given: a flag beats the hyper-parameter file, which beats the default. Then checks what no flag
 * can check alone: the range of alpha for its loss, networks that need larger images, and switches that need
 * validation data. Throws a UsageError.
 */
export function resolveParameters(given: GivenParameters, hyperparametersDir?: string): ResolvedParameters {
  const defaults = Object.fromEntries(
    Object.entries(parameterTable).map(([name, flag]) => [name, flag.default]),
  ) as Parameters;
  const named = { ...defaults, ...given };
  const fromFile = named.load_ext_params ? readHyperparameters(named, hyperparametersDir) : {};
  const loss = lossOf(named.loss_name);
  const example = named.paper_alpha ? { alpha: loss.alpha?.example ?? 0 } : {};
  const parameters: Parameters = {
    ...defaults,
    ...fromFile,
    ...example,
    ...given,
    ...lossParameters(loss, given),
    ...calibration({ ...defaults, ...given }),
    ...selection({ ...defaults, ...given }),
    ...resolveLabels(given),
  };
  checkAlpha(parameters.loss_name, parameters.alpha);
  checkDataFlags(parameters);
  checkCombinations(parameters);
  const warnings: string[] = [];
  if (loss.alpha?.atZero !== undefined && parameters.alpha === 0) {
    const { atZero, example: value } = loss.alpha;
    warnings.push(
      `${loss.title.toLowerCase()} with alpha 0 is ${atZero}: give --alpha, for instance ${value}`,
    );
  }
  return { parameters, warnings };
}

/** Throws a UsageError where alpha is outside the range of its loss. */
export function checkAlpha(loss: LossFlag, alpha: number, flag = 'alpha'): void {
  const fault = alphaFault(lossOf(loss), alpha);
  if (fault !== null) throw new UsageError(`--${flag} ${alpha} is out of range: ${fault}`);
}

/** The further parameters of a loss: given, or its defaults. Throws a UsageError for one that only another loss has. */
function lossParameters({ name, parameters = {} }: LossDeclaration, given: GivenParameters): GivenParameters {
  const values = given as Readonly<Record<string, number | null | undefined>>;
  const ofAll = losses.flatMap((loss: LossDeclaration) => Object.keys(loss.parameters ?? {}));
  const stranger = ofAll.find(
    (parameter) => (values[parameter] ?? null) !== null && !(parameter in parameters),
  );
  if (stranger !== undefined) throw new UsageError(`--${stranger} is no parameter of ${name}: leave it out`);
  return Object.fromEntries(
    Object.entries(parameters).map(([parameter, declared]) => [
      parameter,
      values[parameter] ?? declared.default,
    ]),
  );
}

/** `--temp_scaling` and `--calibrate temperature` are one; any other method beside the first is a mistake. */
function calibration({ calibrate, temp_scaling }: Parameters): GivenParameters {
  if (!temp_scaling) return { temp_scaling: calibrate === 'temperature' };
  if (calibrate === 'none' || calibrate === 'temperature') return { calibrate: 'temperature' };
  throw new UsageError(
    `--temp_scaling means --calibrate temperature, not ${calibrate}: leave out one of them`,
  );
}

/** `--optimize_ece` and `--select ece` are one. */
function selection({ select, optimize_ece }: Parameters): GivenParameters {
  if (!optimize_ece) return { optimize_ece: select === 'ece' };
  if (select === 'accuracy' || select === 'ece') return { select: 'ece' };
  throw new UsageError(`--optimize_ece means --select ece, not ${select}: leave out one of them`);
}

function checkCombinations(parameters: Parameters): void {
  const { model_name, dataset_name, test_run, reduce_on_plateau, model_checkpoints } = parameters;
  const small = dataset_name === 'mnist' || dataset_name === 'fashion_mnist';
  const smallest = networks.find(({ name }) => name === model_name)?.smallest ?? 0;
  if (small && smallest > mnistSide) {
    throw new UsageError(
      `--model_name ${model_name} needs images of at least ${smallest}x${smallest} pixels and ${dataset_name} has ${mnistSide}x${mnistSide}: take ${networksFor(mnistSide)}, or cifar10 or cifar100`,
    );
  }
  if (!test_run) return;
  for (const [name, on] of Object.entries({ reduce_on_plateau, model_checkpoints })) {
    if (on) {
      throw new UsageError(`--${name} needs validation data, and --test_run has none: leave out one of them`);
    }
  }
}
