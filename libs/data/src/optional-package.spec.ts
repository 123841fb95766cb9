import { DataError } from './errors';
import { optionalPackage } from './optional-package';

const failing = (code: string, message: string) => () =>
  Promise.reject(Object.assign(new Error(message), { code }));

describe('optionalPackage', () => {
  it('gives what it loads', async () => {
    expect(await optionalPackage('sharp', () => Promise.resolve('it'))).toBe('it');
  });

  it.each(['MODULE_NOT_FOUND', 'ERR_MODULE_NOT_FOUND'])(
    'says how to install what is missing: %s',
    async (code) => {
      await expect(optionalPackage('csv-parse', failing(code, 'Cannot find module'))).rejects.toThrow(
        new DataError(
          'Reading CSV needs the package csv-parse, which is not installed: run "npm install csv-parse".',
        ),
      );
    },
  );

  it('says why a package that is there cannot be loaded', async () => {
    await expect(
      optionalPackage('sharp', failing('ERR_DLOPEN_FAILED', 'no libvips\nat ...')),
    ).rejects.toThrow(
      'Reading images needs the package sharp, which cannot be loaded (no libvips): run "npm install sharp".',
    );
  });
});
