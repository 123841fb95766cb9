import { stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { DataError } from '../errors';
import type { DatasetSpec } from './catalogue';
import type { DatasetFiles, Finding } from './find-files';
import { findFiles } from './find-files';

/** A dataset's files and where they are, in words. */
export interface Place {
  readonly files: DatasetFiles;
  readonly description: string;
}

/**
 * The dataset's files in the folder that the user gave, or in the folder of the dataset's name in it.
 *
 * @throws DataError if the folder or one of the files is missing.
 */
export async function placeInDataDir(spec: DatasetSpec, dataDir: string): Promise<Place> {
  const folder = resolve(dataDir);
  const status = await stat(folder).catch(() => undefined);
  if (!status?.isDirectory()) {
    throw new DataError(
      `The data folder ${folder} ${status ? 'is not a folder' : 'does not exist'}: ` +
        `give the folder that holds ${spec.title}'s files (--data_dir).`,
    );
  }
  const findings: [string, Finding][] = [];
  for (const place of [folder, join(folder, spec.name)]) {
    const finding = await findFiles(spec, place);
    if (finding.files) {
      return { files: finding.files, description: `the folder ${place}` };
    }
    findings.push([place, finding]);
  }
  const [place, best] = findings.reduce((a, b) => (present(b[1]) > present(a[1]) ? b : a));
  const lacks = best.files ? '' : best.missing.join(', ');
  throw new DataError(
    `${place}: lacks ${lacks} of ${spec.title} (plain or .gz, here or in ${spec.name}/); ` +
      'add the missing files or give another folder (--data_dir).',
  );
}

function present(finding: Finding): number {
  return finding.files ? Infinity : finding.present;
}

/** The dataset's files in the cache. */
export async function placeInCache(spec: DatasetSpec, cacheDir: string): Promise<Place | undefined> {
  const folder = join(cacheDir, spec.name);
  const { files } = await findFiles(spec, folder);
  return files ? { files, description: `the cache, ${folder}` } : undefined;
}

/** The dataset's files in each package on this machine that has them. */
export async function placesInPackages(spec: DatasetSpec): Promise<Place[]> {
  const places: Place[] = [];
  const add = async (folder: string, name: string) => {
    const { files } = await findFiles(spec, folder);
    if (files) {
      places.push({ files, description: `${name}, ${folder}` });
    }
  };
  if (spec.npmPackage) {
    const { name, folder } = spec.npmPackage;
    const root = packageFolder(name);
    if (root) {
      await add(join(root, folder), `the npm package ${name}`);
    }
  }
  if (spec.systemFolder) {
    await add(spec.systemFolder, 'a package of this system');
  }
  return places;
}

/** The folder of an npm package as seen from here or from the working folder. */
function packageFolder(name: string): string | undefined {
  try {
    return dirname(require.resolve(`${name}/package.json`, { paths: [__dirname, process.cwd()] }));
  } catch {
    return undefined;
  }
}
