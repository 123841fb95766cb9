import { mkdirSync, readdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { fixture } from '../../test/fixture';
import { folderWith, newFolder, removeFolders } from '../../test/folders';
import { failure, inputsOf, load } from '../../test/load';

afterEach(removeFolders);

const pillow = fixture<{ name: string; bytes: string; shape: number[]; pixels: string }[]>('images.json');
const file = (name: string) => Buffer.from(pillow.find((image) => image.name === name)!.bytes, 'base64');
const pixels = (name: string) => [
  ...Buffer.from(pillow.find((image) => image.name === name)!.pixels, 'base64'),
];
const colours = ['rgb.png', 'rgb.jpg', 'lossless.webp', 'rgb.bmp', 'cmyk.jpg', 'rgb-16.png'];

/** A folder with two classes of coloured images of one size, and what else is given. */
function photos(more: Record<string, Buffer | string> = {}): string {
  const images = colours.map((name, i) => [`${i % 2 ? 'dog' : 'cat'}/${i}-${name}`, file(name)]);
  return folderWith({ ...Object.fromEntries(images), ...more });
}

describe('a folder of class folders', () => {
  it('is read in the order of classes and names, whatever the formats', async () => {
    const folder = photos();
    const { dataset, warnings, stages } = await load(folder);
    expect(dataset).toMatchObject({
      ...{ size: 6, shape: [10, 12, 3], dtype: 'uint8', scale: 1 / 255, targets: null },
      ...{ classes: 2, classNames: ['cat', 'dog'], parts: { train: 6, validation: 0, test: 0 } },
      source: `the image folder ${folder}`,
    });
    expect([...dataset.labels]).toEqual([0, 0, 0, 1, 1, 1]);
    const order = [0, 2, 4, 1, 3, 5].map((i) => colours[i]!);
    expect(await inputsOf(dataset)).toEqual(order.flatMap(pixels));
    expect(warnings).toEqual([]);
    expect(stages[0]).toBe(`decoding 6 images of ${folder}: 0%`);
  });

  it('keeps the parts of its authors, under any of their names', async () => {
    const folder = folderWith({
      ...{ 'train/a/1.png': file('rgb.png'), 'train/b/1.png': file('rgb.jpg') },
      ...{ 'valid/a/deeper/1.png': file('rgb.png'), 'test/b/2.PNG': file('rgb.png') },
      ...{ 'readme.txt': 'about', 'train/.DS_Store': '', 'train/b/notes.txt': '' },
    });
    const { dataset, warnings } = await load(folder);
    expect(dataset.parts).toEqual({ train: 2, validation: 1, test: 1 });
    expect([...dataset.labels]).toEqual([0, 1, 0, 1]);
    expect(warnings).toEqual([
      `${folder}: 2 files, such as readme.txt, are no image in a class folder and left out`,
    ]);
  });

  it('is grey where all images are, coloured where one is not, or as asked for', async () => {
    const greys = ['grey.png', 'grey.jpg', 'grey-16.png', 'grey.bmp'];
    const files = Object.fromEntries(greys.map((name, i) => [`${i % 2}/${name}`, file(name)]));
    expect((await load(folderWith(files))).dataset.shape).toEqual([10, 12, 1]);
    const mixed = folderWith({ ...files, '1/rgb.png': file('rgb.png') });
    expect((await load(mixed)).dataset.shape).toEqual([10, 12, 3]);
    const { dataset } = await load(mixed, { channels: 1 });
    expect(dataset.shape).toEqual([10, 12, 1]);
    expect(await inputsOf(dataset)).toHaveLength(5 * 120);
  });

  it('resizes images of several sizes, or names the sizes and the flag', async () => {
    const folder = photos({
      'cat/small.bmp': file('run-length.bmp'),
      'dog/turned.jpg': file('orientation-6.jpg'),
    });
    expect(await failure(folder)).toBe(
      '.: the images have different sizes, 10x12 (6), 3x12 (1), 12x10 (1): ' +
        'give one for all of them, height x width, such as --image_size 64 or --image_size 48x64.',
    );
    const { dataset } = await load(folder, { imageSize: [7, 9] });
    expect(dataset).toMatchObject({ size: 8, shape: [7, 9, 3] });
  });

  it('names an image that cannot be read, or leaves such out and says which', async () => {
    const damaged = {
      'cat/cut.jpg': file('rgb.jpg').subarray(0, 500),
      'dog/empty.png': '',
      'dog/text.gif': 'hello',
    };
    const folder = photos(damaged);
    expect(await failure(folder)).toMatch(
      /^\.\/cat\/cut\.jpg: is damaged or cut off \(.*\): mend or remove the file, or leave out all such by --skip_damaged\.$/u,
    );
    const cacheDir = newFolder();
    for (let time = 0; time < 2; time++) {
      const { dataset, warnings } = await load(folder, { skipDamaged: true, cacheDir });
      expect(dataset.size).toBe(6);
      expect(dataset.parts.train).toBe(6);
      expect(warnings).toHaveLength(1);
      expect(warnings[0]!.replaceAll(folder, '.')).toMatch(
        /^\.: 3 damaged images are left out: \.\/cat\/cut\.jpg is damaged .*; \.\/dog\/empty\.png is empty; \.\/dog\/text\.gif is not/u,
      );
    }
    expect(await failure(photos({ 'cat/big.png': file('rgb.png') }), { maxPixels: 100 })).toMatch(
      /has 10x12 pixels, which is more than the limit: raise it by --max_megapixels, mend or remove/u,
    );
  });

  it('follows links within the folder, and refuses those out of it, in a circle or to nowhere', async () => {
    const folder = photos();
    symlinkSync(join(folder, 'cat', '0-rgb.png'), join(folder, 'dog', 'linked.png'));
    expect((await load(folder)).dataset.size).toBe(7);

    const elsewhere = photos();
    const linked = (target: string, name: string) => {
      const own = photos();
      symlinkSync(target.replace('OWN', own), join(own, name));
      return own;
    };
    expect(await failure(linked(join(elsewhere, 'cat'), 'bird'), {}, elsewhere)).toMatch(
      /bird: is a link that leads out of the folder, to \.\/cat; put what it leads to in its place\.$/u,
    );
    expect(await failure(linked('OWN', 'cat/up'))).toMatch(/^\.\/cat\/up: is a link that leads in a circle/u);
    expect(await failure(linked('nowhere', 'cat/0.png'))).toMatch(
      /^\.\/cat\/0\.png: .* nowhere; remove it\.$/u,
    );
    const crossed = photos();
    symlinkSync(join(crossed, 'dog'), join(crossed, 'cat', 'other'));
    symlinkSync(join(crossed, 'cat'), join(crossed, 'dog', 'other'));
    expect(await failure(crossed)).toMatch(
      /is a link that leads in a circle, back to \.\/(cat|dog); remove it\.$/u,
    );
    const self = photos();
    symlinkSync('self.png', join(self, 'cat', 'self.png'));
    expect(await failure(self)).toMatch(/self\.png: is a link that leads in a circle; remove it\.$/u);
  });

  it('refuses what is no dataset, in one line', async () => {
    expect(await failure(newFolder())).toMatch(
      /^\.: is empty; --dataset_name takes a folder of class folders/u,
    );
    expect(await failure(folderWith({ 'a.txt': 'a' }))).toMatch(
      /holds no dataset, but 1 files such as a\.txt/u,
    );
    expect(await failure(join(newFolder(), 'none'))).toMatch(/^\.: there is no such file or folder/u);
    expect(await failure(folderWith({ 'cat/1.png': file('rgb.png'), 'cat/2.png': file('rgb.png') }))).toBe(
      '.: has one class only, cat: at least two classes are needed to tell apart.',
    );
    expect(await failure(photos({ 'eel/1.png': file('rgb.png') }))).toMatch(
      /^\.: has a single image of the class eel: at least two are needed/u,
    );
    const empty = photos();
    mkdirSync(join(empty, 'bird'));
    expect(await failure(empty)).toMatch(/^\.\/bird: has no images .*: remove it or fill it\.$/u);
    const untrained = { 'train/a/1.png': file('rgb.png'), 'train/b/1.png': file('rgb.png') };
    expect(await failure(folderWith({ ...untrained, 'test/c/1.png': file('rgb.png') }))).toMatch(
      /^\.: the class c has images in the test part and none in train\//u,
    );
  });

  it('leaves nothing behind where it fails or is stopped', async () => {
    const cacheDir = newFolder();
    await failure(photos({ 'cat/empty.png': '' }), { cacheDir });
    const stop = AbortSignal.abort(new Error('stopped'));
    await expect(load(photos(), { cacheDir, signal: stop })).rejects.toThrow('stopped');
    expect(readdirSync(join(cacheDir, 'prepared'))).toEqual([]);
  });

  it('is decoded once, and anew when a file is changed', async () => {
    const folder = photos();
    const cacheDir = newFolder();
    const first = await load(folder, { cacheDir });
    const second = await load(folder, { cacheDir });
    expect(first.stages).not.toEqual([]);
    expect(second.stages).toEqual([]);
    expect(await second.dataset.digest()).toBe(await first.dataset.digest());
    utimesSync(join(folder, 'cat', '0-rgb.png'), new Date(), new Date(2020, 1, 1));
    expect((await load(folder, { cacheDir })).stages).not.toEqual([]);
    writeFileSync(join(folder, 'cat', '6.png'), file('rgb.png'));
    const third = await load(folder, { cacheDir });
    expect(third.dataset.size).toBe(7);
    expect(await third.dataset.digest()).not.toBe(await first.dataset.digest());
    expect(readdirSync(join(cacheDir, 'prepared'))).toHaveLength(1);
  });

  it('has the digest of its contents, whatever its place', async () => {
    const [here, there] = [await load(photos()), await load(photos())];
    expect(await here.dataset.digest()).toBe(await there.dataset.digest());
    const renamed = folderWith(
      Object.fromEntries(colours.map((name, i) => [`${i % 2 ? 'wolf' : 'cat'}/${i}-${name}`, file(name)])),
    );
    expect(await (await load(renamed)).dataset.digest()).not.toBe(await here.dataset.digest());
  });

  it('keeps its order through several threads', async () => {
    const folder = newFolder();
    for (const name of ['a', 'b']) mkdirSync(join(folder, name));
    const expected: number[] = [];
    for (let i = 0; i < 300; i++) {
      const raw = { width: 2, height: 2, channels: 3 } as const;
      const bytes = Uint8Array.from({ length: 12 }, (_, p) => (i * 7 + p * 31) % 256);
      const name = `${i < 150 ? 'a' : 'b'}/${String(i).padStart(3, '0')}.png`;
      writeFileSync(join(folder, name), await sharp(bytes, { raw }).png().toBuffer());
      expected.push(...bytes);
    }
    expect(await inputsOf((await load(folder)).dataset)).toEqual(expected);
  }, 60_000);
});
