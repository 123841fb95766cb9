import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A fixture of tools/fixtures/training, made by the Python script of the same name. */
export function readFixture<T>(name: string): T {
  return JSON.parse(
    readFileSync(join(__dirname, `../../../tools/fixtures/training/${name}.json`), 'utf8'),
  ) as T;
}
