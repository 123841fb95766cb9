import type { FileMetaData, SchemaTree } from 'hyparquet';
import { DataError, reasonOf } from '../errors';
import { optionalPackage } from '../optional-package';

/** A column, by what its values are. */
export interface ParquetColumn {
  readonly name: string;
  /** `image` for a struct of bytes and path, as Hugging Face writes images. */
  readonly kind: 'image' | 'value' | 'list' | 'other';
}

/** A Parquet file whose end has been read. */
export interface OpenParquet {
  readonly path: string;
  readonly rows: number;
  readonly columns: readonly ParquetColumn[];
  /** What Hugging Face's library says of the columns, by their names; empty where it wrote none. */
  readonly features: Readonly<Record<string, HuggingFaceFeature>>;
  /** The rows where each group of them begins, and where the last one ends. */
  readonly groups: readonly number[];
  /** The values of a column from a row on. Throws a DataError where they cannot be read. */
  values(column: string, start: number, end: number): Promise<ArrayLike<unknown>>;
}

/** A column as Hugging Face's library describes it. */
export interface HuggingFaceFeature {
  readonly _type?: string;
  /** The classes of a `ClassLabel`. */
  readonly names?: readonly string[];
}

/** The most rows of a group; more have no room in memory. */
const mostRows = 2 ** 31;

/**
 * Opens a Parquet file.
 *
 * @throws DataError where it is none, or a package for reading it is missing.
 */
export async function openParquet(path: string): Promise<OpenParquet> {
  const parquet = await optionalPackage('hyparquet', () => import('hyparquet'));
  const { compressors } = await optionalPackage(
    'hyparquet-compressors',
    () => import('hyparquet-compressors'),
  );
  const damaged = (error: unknown) =>
    new DataError(`${path}: is not a Parquet file, or damaged (${reasonFor(error)}); get the file again.`);
  try {
    const file = await parquet.asyncBufferFromFile(path);
    const scan = await parquet.parquetScan({ file, compressors, utf8: false });
    const { metadata } = scan;
    const { children } = parquet.parquetSchema(metadata);
    const groups = groupsOf(metadata);
    return {
      path,
      rows: groups.at(-1)!,
      columns: children.map((child) => ({ name: child.element.name, kind: kindOf(child) })),
      features: featuresOf(metadata),
      groups,
      values: async (column, rowStart, rowEnd) => {
        try {
          const values = await scan.readColumn({ column, rowStart, rowEnd });
          if (values.length === rowEnd - rowStart) return values;
          throw new Error(`the column "${column}" has ${values.length} of ${rowEnd - rowStart} rows`);
        } catch (error) {
          throw damaged(error);
        }
      },
    };
  } catch (error) {
    throw damaged(error);
  }
}

/** The rows where each group begins, and where the last one ends. */
function groupsOf({ num_rows, row_groups }: FileMetaData): number[] {
  const groups = [0];
  for (const { num_rows: rows } of row_groups) {
    if (rows < 0 || rows > mostRows) throw new Error(`a group says that it has ${rows} rows`);
    groups.push(groups.at(-1)! + Number(rows));
  }
  if (groups.at(-1) !== Number(num_rows)) {
    throw new Error(`it says that it has ${num_rows} rows, and its groups have ${groups.at(-1)}`);
  }
  return groups;
}

/** What the package says is wrong, in one line; nothing of its own inside, where it took damage for data. */
function reasonFor(error: unknown): string {
  const { name } = error as Error;
  if (name === 'TypeError' || name === 'RangeError') return 'its metadata or pages cannot be';
  return reasonOf(error).split('\n')[0]!;
}

function kindOf({ element, children }: SchemaTree): ParquetColumn['kind'] {
  if (children.length === 0) return 'value';
  const names = children.map((child) => child.element.name);
  if (names.includes('bytes') && names.includes('path')) return 'image';
  return element.converted_type === 'LIST' || element.logical_type?.type === 'LIST' ? 'list' : 'other';
}

function featuresOf({ key_value_metadata: pairs = [] }: FileMetaData): OpenParquet['features'] {
  const text = pairs.find(({ key }) => key === 'huggingface')?.value;
  if (!text) return {};
  try {
    const { info } = JSON.parse(text) as { info?: { features?: OpenParquet['features'] } };
    return Object.fromEntries(
      Object.entries(info?.features ?? {}).filter(([, feature]) => isFeature(feature)),
    );
  } catch {
    return {};
  }
}

function isFeature(value: unknown): value is HuggingFaceFeature {
  const { names = [] } = (value ?? {}) as { names?: unknown };
  return Array.isArray(names) && names.every((name) => typeof name === 'string');
}
