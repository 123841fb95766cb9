import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import type { Criterion, Parameters } from '@label-relaxation/experiments';
import {
  checkAlpha,
  lossOf,
  parameterTable,
  resolveParameters,
  runKey,
  titleOf,
  UsageError,
} from '@label-relaxation/experiments';
import type { GivenParameters } from '@label-relaxation/experiments';

/** A search over alpha for one seed, network, data set and loss. Plain data: it travels to workers as JSON. */
export interface Study {
  /** SHA-256 of all that the study's results depend on. */
  readonly key: string;
  /** Such as `label_relaxation simple_dense mnist seed 0`. */
  readonly name: string;
  /** Those of every trial, apart from alpha. */
  readonly parameters: Parameters;
  readonly alphas: readonly number[];
  /** What the best alpha is chosen by. */
  readonly criterion: Criterion;
}

/** Completes the flags of one study. Throws a UsageError. */
export function resolveStudy(given: GivenParameters): Study {
  const loss = given.loss_name ?? parameterTable.loss_name.default;
  const declared = lossOf(loss).alpha;
  const alphas = given.alphas ?? (declared ? declared.grid : [0]);
  if (alphas.length === 0) {
    throw new UsageError(`--loss_name ${loss} exports no grid of alpha: give --alphas, the values to try`);
  }
  for (const alpha of alphas) checkAlpha(loss, alpha, 'alphas');
  const { parameters } = resolveParameters({
    ...given,
    alpha: alphas[0] as number,
    test_run: false,
    resume: true,
  });
  const criterion = parameters.select;
  const { loss_name, model_name, dataset_name, seed, data_dir } = parameters;
  const identity = [runKey({ ...parameters, alpha: 0 }), alphas, criterion, data_dir && resolve(data_dir)];
  return {
    key: createHash('sha256').update(JSON.stringify(identity)).digest('hex'),
    name: `${[loss_name, model_name, dataset_name].map(titleOf).join(' ')} seed ${seed}`,
    // Addresses may hold passwords, and each machine has its own.
    parameters: { ...parameters, tracking_uri: null, redis: null },
    alphas,
    criterion,
  };
}

/** The parameters of a trial: scored on validation data. */
export function trialParameters({ parameters }: Study, alpha: number): Parameters {
  return { ...parameters, alpha, test_run: false };
}

/**
 * The parameters of the final run: trained on the whole training part and scored on the test part. There is no
 * validation data then, so that what needs it is off.
 */
export function finalParameters({ parameters }: Study, alpha: number): Parameters {
  return { ...parameters, alpha, test_run: true, reduce_on_plateau: false, model_checkpoints: false };
}

/** What only a search has, as params of its parent and its trials. */
export function searchParams({ alphas, criterion }: Study): Record<string, string> {
  return {
    alphas: alphas.join(','),
    select: criterion,
    optimize_ece: criterion === 'ece' ? 'True' : 'False',
  };
}

/** What the search turns off in its final runs, told once. */
export function finalRunWarnings(studies: readonly Study[]): string[] {
  return (['reduce_on_plateau', 'model_checkpoints'] as const)
    .filter((name) => studies.some(({ parameters }) => parameters[name]))
    .map((name) => `final runs have no validation data and go without --${name}`);
}

/** The run name of a study's parent, unless one was given. */
export function parentRunName({ parameters }: Study): string {
  const { run_name, loss_name, model_name, dataset_name, seed } = parameters;
  const names = [lossOf(loss_name).short, titleOf(model_name), titleOf(dataset_name)];
  return run_name ?? `study ${names.join(' ')} seed ${seed}`;
}
