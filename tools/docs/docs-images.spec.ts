import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import sharp from 'sharp';
import { root } from '../setup/paths.cjs';
import { numbers } from '../test/numbers';
import { parseFlags, usage } from './flags';
import { pictures } from './pictures';
import { smallPng } from './png';

const all = Object.keys(pictures);
const folder = join(root, 'docs/images');

/** The pictures of the docs' pages: their files, and what stands in their place for who cannot see them. */
function shownPictures(): (readonly [file: string, text: string])[] {
  const folders = ['libs', 'apps'].flatMap((group) =>
    readdirSync(join(root, group)).map((name) => `${group}/${name}/README.md`),
  );
  const docs = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md'));
  const pages = [
    'README.md',
    ...docs.map((name) => `docs/${name}`),
    ...folders.filter((page) => existsSync(join(root, page))),
  ];
  return pages.flatMap((page) =>
    [...readFileSync(join(root, page), 'utf8').matchAll(/!\[([^\]]*)\]\(([^)]+)\)/g)].map(
      ([, text, path]) => [relative(folder, join(root, dirname(page), path!)), text!] as const,
    ),
  );
}

describe('npm run docs:images', () => {
  it('makes each picture of the docs, and no other', () => {
    const shown = shownPictures();
    expect([...new Set(shown.map(([file]) => file))].sort()).toEqual([...all].sort());
    expect(readdirSync(folder).sort()).toEqual([...all].sort());
    for (const [, text] of shown) expect(text.length).toBeGreaterThan(10);
  });

  it('keeps them small', async () => {
    for (const name of all.filter((one) => one.endsWith('.png'))) {
      expect(statSync(join(folder, name)).size).toBeLessThan(150_000);
    }
    const next = numbers(1);
    const noise = Buffer.from(Array.from({ length: 400 * 400 * 3 }, () => Math.floor(next() * 256)));
    const large = await sharp(noise, { raw: { width: 400, height: 400, channels: 3 } })
      .png()
      .toBuffer();
    await expect(smallPng('noise.png', large)).rejects.toThrow(/^noise.png would have \d+ bytes/);
  });

  it('takes the names of pictures, with or without their endings', () => {
    expect(parseFlags([], all)).toEqual({ names: all, epochs: 10, reuse: false, help: false });
    const { names, epochs } = parseFlags(['demo', 'simplex.svg', '--epochs', '2'], all);
    expect(names).toEqual(['simplex.svg', 'demo.png']);
    expect(epochs).toBe(2);
    expect(usage(all)).toContain('reliability.svg');
  });

  it.each([
    [['demos'], /^There is no picture "demos" in the docs: take some of simplex.svg, /],
    [['--epochs', '0'], /^--epochs takes a whole number above 0, not "0"\.$/],
    [['--fast'], /^Unknown option '--fast'; --help lists the flags\.$/],
  ])('refuses %j', (words, message) => {
    expect(() => parseFlags(words, all)).toThrow(message);
  });
});
