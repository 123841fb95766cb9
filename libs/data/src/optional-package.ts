import { DataError } from './errors';

/** Packages that only some sources need, by what they are needed for. */
const purposes = {
  sharp: 'Reading images',
  hyparquet: 'Reading Parquet',
  'hyparquet-compressors': 'Reading Parquet',
  'csv-parse': 'Reading CSV',
} as const;

/**
 * Loads a package that is installed only where it is wanted.
 *
 * @param load imports it: `() => import('sharp')`.
 * @throws DataError that says how to install it where it is missing.
 */
export async function optionalPackage<T>(name: keyof typeof purposes, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    const missing = ['MODULE_NOT_FOUND', 'ERR_MODULE_NOT_FOUND'].includes(
      (error as { code?: string }).code ?? '',
    );
    const how = missing ? 'which is not installed' : `which cannot be loaded (${firstLine(error)})`;
    throw new DataError(`${purposes[name]} needs the package ${name}, ${how}: run "npm install ${name}".`);
  }
}

function firstLine(error: unknown): string {
  return String((error as Error).message ?? error).split('\n')[0]!;
}
