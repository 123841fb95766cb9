import { join } from 'node:path';
import { writeReportFile } from '../write-report-file';
import { parseSimplexOptions } from './simplex-options';
import { simplexPicture } from './simplex-picture';

/** `report simplex`: writes the picture, and gives what the command prints. */
export async function runSimplex(words: readonly string[]): Promise<string> {
  const options = await parseSimplexOptions(words);
  if (typeof options === 'string') return options;
  const file = join(options.output, 'simplex.svg');
  await writeReportFile(file, `${await simplexPicture(options.alpha, options.beta)}\n`);
  return file;
}
