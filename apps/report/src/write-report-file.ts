import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ReportError } from './errors';

/**
 * Writes a file and the folders to it, or throws a ReportError where that cannot be done; what was there before is then still
 * there, whole.
 */
export async function writeReportFile(file: string, content: string): Promise<void> {
  const partial = `${file}.${process.pid}.partial`;
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(partial, content);
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true }).catch(() => undefined);
    throw new ReportError(`${file} cannot be written: ${(error as Error).message}`);
  }
}
