import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openPage } from '../../../tools/test/browser-page';
import { exampleModule } from '../../../tools/test/examples';
import {
  chromiumPath,
  mlflowPython,
  startMlflowServer,
  type MlflowServer,
} from '../../../tools/test/services';
import { writeSmallSet } from '../../../tools/test/small-set';

jest.setTimeout(240_000);

const root = join(__dirname, '../../..');

/** The blocks of the README's story, by their languages. */
const story = readFileSync(join(root, 'README.md'), 'utf8')
  .split('## A model wherever')[1]!
  .split('\n## ')[0]!;
const [train, exporting] = blocks('sh')[0]!
  .split('\n')
  .map((line) => line.replace('npm run study -- ', '').split(' ')) as [string[], string[]];
const pixels = Array.from({ length: 28 * 28 }, (_, i) => (i > 235 && i < 310 ? 160 : 40));

let server: MlflowServer;
let folder: string;
let runId: string;

beforeAll(async () => {
  server = await startMlflowServer({ shared: true });
  // Below the workspace, so that a program there finds its packages.
  mkdirSync(join(root, 'tmp'), { recursive: true });
  folder = mkdtempSync(join(root, 'tmp', 'export-'));
  writeSmallSet(join(folder, 'data'));
  const flags = [
    '--data_dir',
    join(folder, 'data'),
    '--epochs',
    '8',
    '--experiment_name',
    'export.spec',
    '--json',
  ];
  const { stdout } = await study(...train, ...flags);
  runId = (JSON.parse(stdout) as { run_id: string }).run_id;
  expect(await study(...exporting.map((word) => (word === 'RUN_ID' ? runId : word)))).toMatchObject({
    code: 0,
  });
});

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await server.stop();
});

function blocks(language: string): string[] {
  return [...story.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)\\n\`\`\`$`, 'gm'))].map(
    ([, code]) => code!,
  );
}

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program in the test's folder. */
async function run(file: string, words: readonly string[]): Promise<Ended> {
  const environment = { MLFLOW_TRACKING_URI: server.uri, MLFLOW_JOURNAL_DIR: join(folder, 'journal') };
  return new Promise((resolve) => {
    const options = { cwd: folder, env: { ...process.env, ...environment } };
    execFile(file, words, options, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
}

function node(...words: string[]): Promise<Ended> {
  return run(process.execPath, [
    '-C',
    '@label-relaxation/source',
    '-r',
    join(root, 'tools/setup/app.cjs'),
    ...words,
  ]);
}

function study(...words: string[]): Promise<Ended> {
  return node(join(root, 'apps/study/src/main.ts'), ...words);
}

/** What the README's program for Node prints. */
async function inNode(): Promise<string> {
  const program = `const pixels = Float32Array.from(${JSON.stringify(pixels)});\n${exampleModule(blocks('ts')[0]!)}\nexports.main();`;
  writeFileSync(join(folder, 'program.cjs'), program);
  const { stdout, stderr } = await node(join(folder, 'program.cjs'));
  expect(stderr).toBe('');
  return stdout;
}

it('the README tells how a model is loaded in Node', async () => {
  expect(await inNode()).toMatch(/^\d 0\.\d+\n\[[\d',\s]+\]\n$/);
});

it('and in Python, with the same outcome', async () => {
  const given = `import numpy\npixels = numpy.array(${JSON.stringify(pixels)}, "float32").reshape(1, 28, 28, 1)\n`;
  const { stdout, stderr } = await run(mlflowPython, ['-c', given + blocks('python')[0]!]);
  expect(stderr).toBe('');
  const [label, confidence] = stdout.match(/[\d.]+/g)!.map(Number);
  const [wanted, confident] = (await inNode()).match(/[\d.]+/g)!.map(Number);
  expect([label, confidence]).toEqual([wanted, expect.closeTo(confident!, 5)]);
});

const executablePath = chromiumPath();
(executablePath === null ? it.skip : it)('and in a browser', async () => {
  const program = `
    const canvas = new OffscreenCanvas(28, 28).getContext('2d');
    const image = canvas.createImageData(28, 28);
    ${JSON.stringify(pixels)}.forEach((grey, i) => image.data.set([grey, grey, grey, 255], 4 * i));
    canvas.putImageData(image, 0, 0);
    ${blocks('ts')[1]!}`;
  const { page, load, close } = await openPage({
    executablePath: executablePath!,
    program,
    resolveDir: folder,
    files: { '/digits/model.onnx': readFileSync(join(folder, 'digits/model.onnx')) },
  });
  try {
    const says = page.waitForEvent('console', (message) => message.args().length === 3);
    await load();
    const [label, confidence, set] = await Promise.all((await says).args().map((value) => value.jsonValue()));
    const wanted = (await inNode()).match(/[\d.]+/g)!.map(Number);
    expect([Number(label), confidence, set.map(Number)]).toEqual([
      wanted[0],
      expect.closeTo(wanted[1]!, 5),
      wanted.slice(2),
    ]);
  } finally {
    await close();
  }
});

it('is loaded by the image classification of @huggingface/transformers', async () => {
  const exported = await study('export', runId, '--to', 'hub/digits', '--format', 'transformers', '--json');
  expect(exported.stderr).toBe('');
  expect(JSON.parse(exported.stdout)).toEqual({
    run_id: runId,
    format: 'transformers',
    folder: join(folder, 'hub/digits'),
    files: ['config.json', 'onnx/model.onnx', 'preprocessor_config.json'],
  });
  writeFileSync(
    join(folder, 'pipeline.mjs'),
    `import { env, pipeline, RawImage } from '@huggingface/transformers';
     Object.assign(env, { localModelPath: ${JSON.stringify(join(folder, 'hub'))}, allowRemoteModels: false });
     const classify = await pipeline('image-classification', 'digits');
     const grey = Uint8ClampedArray.from(${JSON.stringify(pixels)});
     console.log(JSON.stringify(await classify(new RawImage(grey, 28, 28, 1), { top_k: 10 })));`,
  );
  const { stdout, stderr } = await node(join(folder, 'pipeline.mjs'));
  expect(stderr).toBe('');
  const [best, ...others] = JSON.parse(stdout) as { label: string; score: number }[];
  const [label, confidence] = (await inNode()).match(/[\d.]+/g)!;
  expect(best).toEqual({ label, score: expect.closeTo(Number(confidence), 5) });
  expect(others).toHaveLength(9);
});

it.each([
  ['tfjs', ['calibrator.json', 'conformal.json', 'model.json', 'weights.bin']],
  ['saved_model', ['calibrator.json', 'conformal.json', 'saved_model.pb']],
])('writes %s with what calibrates its logits', async (format, files) => {
  expect(await study('export', runId, '--to', format, '--format', format)).toMatchObject({ code: 0 });
  expect(readdirSync(join(folder, format))).toEqual(expect.arrayContaining(files));
});

it('says what is wrong in one line, and leaves nothing behind', async () => {
  const before = readdirSync(folder);
  for (const [words, code, text] of [
    [[runId], 2, /^export takes the id of one run and a folder/],
    [
      [runId, '--to', 'digits'],
      2,
      /^--to .*digits holds model.onnx already: give a new or an empty folder\n$/,
    ],
    [[runId, '--to', 'program.cjs'], 2, /program.cjs is a file: give a new folder\n$/],
    [
      [runId, '--to', 'x', '--format', 'keras'],
      2,
      /^--format takes one of onnx, tfjs, saved_model, transformers/,
    ],
    [['0'.repeat(32), '--to', 'x'], 1, /0000/],
  ] as const) {
    const { code: ended, stderr } = await study('export', ...words);
    expect([words, ended, stderr]).toEqual([words, code, expect.stringMatching(text)]);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  }
  const training = await study('--to', 'x');
  expect(training).toMatchObject({
    code: 2,
    stderr: '--to and --format are flags of: export RUN_ID --to FOLDER\n',
  });
  expect(readdirSync(folder)).toEqual(before);
});
