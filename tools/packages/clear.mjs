/** Removes from the libraries' `dist` what tsc made of sources that are gone since, and would leave there. */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** @param {string} file an output of tsc, such as `index.d.mts.map` */
const sourceOf = (file) => file.replace(/(\.d)?\.(m?)[jt]s(\.map)?$/, '.$2ts');

/** What esbuild makes beside: a library for browsers, and the program of a page. */
const bundles = ['browser.mts', 'live.ts'];

for (const library of readdirSync('libs')) {
  const dist = join('libs', library, 'dist');
  if (!existsSync(dist)) continue;
  for (const file of readdirSync(dist, { recursive: true, encoding: 'utf8' })) {
    const source = sourceOf(file);
    if (source === file || bundles.includes(source)) continue;
    if (!existsSync(join('libs', library, 'src', source))) rmSync(join(dist, file));
  }
}
