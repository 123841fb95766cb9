import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packagesAreCurrent } from './npm-packages.cjs';

describe('packagesAreCurrent', () => {
  const top = mkdtempSync(join(tmpdir(), 'label-relaxation-packages-'));
  mkdirSync(join(top, 'node_modules'));
  afterAll(() => rmSync(top, { recursive: true }));

  const write = (file: string, packages: object) =>
    writeFileSync(join(top, file), JSON.stringify({ packages }));
  const wanted = {
    '': { name: 'top' },
    'libs/a': { version: '0.1.0' },
    'node_modules/a': { link: true, resolved: 'libs/a' },
    'node_modules/b': { version: '1.0.0', integrity: 'sha512-b' },
    'libs/a/node_modules/b': { version: '2.0.0', integrity: 'sha512-b2' },
    'node_modules/elsewhere': { version: '1.0.0', integrity: 'sha512-c', optional: true },
  };
  const { 'node_modules/elsewhere': elsewhere, ...installed } = wanted;

  it.each([
    ['all that is wanted', installed, true],
    ['packages that nobody asked for too', { ...installed, 'node_modules/more': { version: '1.0.0' } }, true],
    ['an optional package in its version', { ...installed, 'node_modules/elsewhere': elsewhere }, true],
    [
      'an optional package in another version',
      { ...installed, 'node_modules/elsewhere': { version: '0.9.0' } },
      false,
    ],
    ['one package in another version', { ...installed, 'node_modules/b': { version: '1.0.1' } }, false],
    [
      'the version with other bytes',
      { ...installed, 'node_modules/b': { version: '1.0.0', integrity: 'x' } },
      false,
    ],
    ['nothing', {}, false],
  ])('with %s installed', (_, have, current) => {
    write('package-lock.json', wanted);
    write('node_modules/.package-lock.json', have);
    expect(packagesAreCurrent(top)).toBe(current);
  });

  it('is false where npm kept no record, as after an interrupted installation', () => {
    rmSync(join(top, 'node_modules/.package-lock.json'));
    expect(packagesAreCurrent(top)).toBe(false);
  });
});
