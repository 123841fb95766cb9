import { renameSync, writeFileSync } from 'node:fs';

/** Writes a file so that whoever is cut off leaves the old one or the new one. */
export function writeWhole(file: string, text: string): void {
  const partial = `${file}.${process.pid}.partial`;
  writeFileSync(partial, text);
  renameSync(partial, file);
}
