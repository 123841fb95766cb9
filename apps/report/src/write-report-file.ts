import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ReportError } from './errors';

/** Writes a file and the folders to it; throws a ReportError where that cannot be done. */
export async function writeReportFile(file: string, content: string): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  } catch (error) {
    throw new ReportError(`${file} cannot be written: ${(error as Error).message}`);
  }
}
