import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A JSON file of tools/fixtures/data. */
export function fixture<T>(name: string): T {
  return JSON.parse(readFileSync(join(__dirname, '../../../tools/fixtures/data', name), 'utf8')) as T;
}
