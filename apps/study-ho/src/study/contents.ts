import type { PerformRunOptions } from '@label-relaxation/experiments';
import {
  changedContent,
  contentsOf,
  datasetDigest,
  MissingInput,
  RunError,
  withModuleDigests,
  withPrecision,
} from '@label-relaxation/experiments';
import type { RunEntity } from '@label-relaxation/tracking';
import type { Study } from './study';

/** What finding out contents takes. */
export interface ContentsOptions extends Pick<PerformRunOptions, 'signal' | 'onEvent'> {
  /** Whether the data may be on other machines alone, where trials are performed. */
  readonly mayBeElsewhere: boolean;
}

/**
 * Gives each study the digests of the user's own data, network and loss, and the number format in place of `auto`, so
 * that all its trials use the same. Reading data here also prepares them once, before several trials need them. Throws
 * what reading them throws.
 */
export async function withContents(
  studies: readonly Study[],
  { mayBeElsewhere, ...options }: ContentsOptions,
): Promise<Study[]> {
  const known = new Map<string, string | null>();
  const found: Study[] = [];
  for (const study of studies) {
    const { dataset_name, data_dir, image_size, channels, label_column, skip_damaged } = study.parameters;
    const data = JSON.stringify([dataset_name, data_dir, image_size, channels, label_column, skip_damaged]);
    if (!known.has(data)) {
      const digest = datasetDigest(study.parameters, options).catch((error: unknown) => {
        if (!(mayBeElsewhere && error instanceof MissingInput)) throw error;
        const message = `${error.message}; it is taken to be the same wherever trials are performed`;
        options.onEvent?.({ type: 'warning', message });
        return null;
      });
      known.set(data, await digest);
    }
    const dataset_sha256 = study.parameters.dataset_sha256 ?? known.get(data) ?? null;
    const parameters = await withPrecision(withModuleDigests(study.parameters));
    found.push({ ...study, parameters: { ...parameters, dataset_sha256 } });
  }
  return found;
}

/** Throws a RunError where a study was begun with other contents than it is given now. */
export function checkContents({ name, parameters }: Study, parent: RunEntity): void {
  const begun = Object.fromEntries(parent.data.params.map(({ key, value }) => [key, value]));
  const before = Object.keys(contentsOf(parameters)).flatMap((flag) => {
    const value = begun[flag];
    return value === undefined ? [] : [[flag, value] as const];
  });
  if (before.length === 0) return;
  const changed = changedContent(parameters, { ...contentsOf(parameters), ...Object.fromEntries(before) });
  if (changed === null) return;
  throw new RunError(
    `${name}: ${changed} has changed since the search began: restore it, or give another --experiment_name`,
  );
}
