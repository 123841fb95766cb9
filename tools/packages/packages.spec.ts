import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, normalize } from 'node:path';
import { root } from '../setup/paths.cjs';
import { libraries, packLibraries, run, type Package } from './workspace';

jest.setTimeout(600_000);

/** What `check.mjs` says of one tarball. */
interface Checked {
  readonly files: Readonly<Record<string, string>>;
  readonly problems: readonly string[];
}

const destination = mkdtempSync(join(tmpdir(), 'label-relaxation-packages-'));
let packages: Package[];
let checked: Record<string, Checked>;

beforeAll(async () => {
  packages = await packLibraries(destination);
  const tarballs = packages.map(({ tarball }) => tarball);
  const check = join(__dirname, 'check.mjs');
  checked = JSON.parse(run(process.execPath, [check, ...tarballs], { cwd: root }));
});
afterAll(() => rmSync(destination, { recursive: true }));

const packageOf = (folder: string) => packages.find((each) => each.folder === folder)!;
const contents = (folder: string) => checked[packageOf(folder).tarball]!;

describe.each(libraries)('the package of %s', (folder) => {
  it('has no problem that publint or attw knows', () => {
    expect(contents(folder).problems).toEqual([]);
  });

  it('holds the code, its sources, a README and the licence, and nothing else', () => {
    const names = Object.keys(contents(folder).files);
    expect(names).toEqual(
      expect.arrayContaining(['LICENSE', 'README.md', 'package.json', 'dist/index.js', 'dist/index.mjs']),
    );
    const own = folder === 'runtime' ? 'native/|setup/' : '(?!)';
    const known = new RegExp(`^(LICENSE|README\\.md|package\\.json|dist/|src/|${own})`);
    expect(names.filter((name) => !known.test(name))).toEqual([]);
    expect(names.filter((name) => /\.spec\.|tsbuildinfo|\/\.|(^|\/)test\//.test(name))).toEqual([]);
  });

  it('has the source of each source map', () => {
    const { files } = contents(folder);
    const maps = Object.entries(files).filter(([name]) => name.endsWith('.map'));
    expect(maps.length).toBeGreaterThan(3);
    const sources = maps.flatMap(([name, text]) => {
      const map: { sources: string[]; sourceRoot?: string } = JSON.parse(text);
      return map.sources.map((source) => normalize(join(dirname(name), map.sourceRoot ?? '', source)));
    });
    expect(sources.filter((source) => !(source in files))).toEqual([]);
  });

  it('has what its README links to, or it is another library', () => {
    const { files } = contents(folder);
    const links = [...files['README.md']!.matchAll(/\]\(([^)#]+)/g)].map(([, link]) => link!);
    const known = [...Object.keys(files), ...libraries.map((name) => `../${name}`)];
    expect(links.filter((link) => !/^https?:/.test(link) && !known.includes(normalize(link)))).toEqual([]);
  });

  it('says what all packages say, and needs exact versions', () => {
    const { manifest } = packageOf(folder);
    expect(manifest).toMatchObject({
      name: `@label-relaxation/${folder}`,
      version: packages[0]!.manifest.version,
      description: expect.any(String),
      license: 'Apache-2.0',
      engines: { node: expect.stringMatching(/^>=20/) },
      publishConfig: { access: 'public' },
    });
    for (const [name, wanted] of Object.entries(manifest.dependencies ?? {})) {
      expect(wanted).toMatch(name.startsWith('@label-relaxation/') ? manifest.version : /^\d+\.\d+\.\d+$/);
    }
  });
});
