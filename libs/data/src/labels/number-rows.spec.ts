import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readNumberRows } from './number-rows';

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'number-rows-'))));
afterAll(() => rmSync(folder, { recursive: true }));

async function read(name: string, text: string) {
  const file = join(folder, name);
  writeFileSync(file, text);
  const { rows, columns, values } = await readNumberRows(file);
  return { rows, columns, values: [...values] };
}

it.each([
  ['a.csv', '1,0\n0.5, 0.5\n'],
  ['a.txt', '1 0\r\n  0.5\t5e-1\r\n\r\n'],
  ['a.csv', '1;0\n0.5;0.5'],
  ['a.json', '[[1, 0], [0.5, 0.5]]'],
])('reads %s: %j', async (name, text) => {
  expect(await read(name, text)).toEqual({ rows: 2, columns: 2, values: [1, 0, 0.5, 0.5] });
});

it.each([
  ['a.txt', '3\n1\n'],
  ['a.csv', 'label\n3\n1\n'],
  ['a.json', '[3, 1]'],
])('reads single numbers as rows of one: %s', async (name, text) => {
  expect(await read(name, text)).toEqual({ rows: 2, columns: 1, values: [3, 1] });
});

it.each([
  ['a.csv', '1,2\n3\n', /a\.csv: row 2 has 1 numbers where the first one has 2$/u],
  ['a.csv', '1,2\n3,x\n', /a\.csv: row 2 has "x": a number is expected$/u],
  ['a.csv', '1,\n', /a\.csv: row 1 has "": a number is expected$/u],
  ['a.csv', '\n', /a\.csv holds no numbers$/u],
  ['a.json', '{"a": 1}', /a\.json holds no list/u],
  ['a.json', '[1,', /a\.json is no JSON/u],
  ['a.json', '[[1, null]]', /row 1 has null: a number is expected$/u],
])('refuses %s: %j', async (name, text, message) => {
  await expect(read(name, text)).rejects.toThrow(message);
});

it('says that a file is not there', async () => {
  await expect(readNumberRows(join(folder, 'none.csv'))).rejects.toThrow(/^cannot read .*none\.csv: ENOENT/u);
});
