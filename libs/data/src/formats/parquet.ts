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
    new DataError(`${path}: is not a Parquet file, or damaged (${firstLine(error)}); get the file again.`);
  try {
    const file = await parquet.asyncBufferFromFile(path);
    const scan = await parquet.parquetScan({ file, compressors, utf8: false });
    const { metadata } = scan;
    const { children } = parquet.parquetSchema(metadata);
    let row = 0;
    const groups = [0, ...metadata.row_groups.map(({ num_rows: rows }) => (row += Number(rows)))];
    return {
      path,
      rows: Number(metadata.num_rows),
      columns: children.map((child) => ({ name: child.element.name, kind: kindOf(child) })),
      features: featuresOf(metadata),
      groups,
      values: async (column, rowStart, rowEnd) => {
        try {
          return await scan.readColumn({ column, rowStart, rowEnd });
        } catch (error) {
          throw damaged(error);
        }
      },
    };
  } catch (error) {
    throw damaged(error);
  }
}

function firstLine(error: unknown): string {
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
    return info?.features ?? {};
  } catch {
    return {};
  }
}
