import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exampleModule, examplesOf } from '../tools/test/examples';

jest.setTimeout(180_000);

const root = join(__dirname, '..');

/** What an example prints, run as a program in a folder of its own. */
function printed(code: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'label-relaxation-example-'));
  try {
    const file = join(folder, 'example.cjs');
    writeFileSync(file, `${exampleModule(code)}\nexports.main();\n`);
    const words = ['-C', '@label-relaxation/source', '-r', join(root, 'tools/setup/typescript.cjs'), file];
    const { status, stdout, stderr } = spawnSync(process.execPath, words, {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, NODE_PATH: join(root, 'node_modules') },
    });
    if (status !== 0) throw new Error(stderr);
    return stdout;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The library's example, whose first occurrence of `from`, if given, is replaced by `to` to be quick. */
function example(library: string, from = '', to = ''): string {
  const [[, code] = ['', '']] = examplesOf(readFileSync(join(root, 'libs', library, 'README.md'), 'utf8'));
  expect(code).toContain(from);
  return code.replace(from, to);
}

describe('the example of the README', () => {
  it('of data', () => {
    expect(printed(example('data'))).toMatch(/^70000 images from .*\n64 \d 784\n$/);
  });

  it('of losses', () => {
    const numbers = printed(example('losses')).match(/\d+\.\d+/g)!;
    expect(numbers.map((number) => Number(number).toFixed(4))).toEqual(['0.3343', '0.0461', '0.6224']);
  });

  it.each([
    ['metrics', 7],
    ['calibration', 5],
  ])('of %s', (library, lines) => {
    const values = [...example(library).matchAll(/^((?!const ).+); \/\/ (\d[\d.]*).*$/gm)];
    expect(values).toHaveLength(lines);
    const code = values.reduce(
      (text, [line, call]) => text.replace(line!, `console.log(${call});`),
      example(library),
    );
    const numbers = printed(code).trim().split('\n').map(Number);
    values.forEach(([, , value], i) => expect(numbers[i]).toBeCloseTo(Number(value), 4));
  });

  it('of models', () => {
    expect(printed(example('models', 'file:///tmp/resnet', 'file://resnet'))).toMatch(/^1673738\n/);
  });

  it('of runtime', () => {
    expect(printed(example('runtime'))).toMatch(/Float32Array\(1\) \[ (19\.9|20)\d*/);
  });

  it('of training', () => {
    expect(JSON.parse(printed(example('training')))).toHaveLength(3);
  });

  it('of experiments', () => {
    const lines = printed(example('experiments', 'offline: true', 'offline: true, epochs: 1'))
      .trim()
      .split('\n');
    const [accuracy, ece] = lines.at(-1)!.split(' ').map(Number);
    expect(accuracy).toBeGreaterThan(0.95);
    expect(ece).toBeLessThan(0.05);
  });
});

it('the program of the README trains and scores', () => {
  const [accuracy, ece] = printed(readFileSync(join(root, 'docs/example.ts'), 'utf8'))
    .trim()
    .split(/\s+/)
    .map(Number);
  expect(accuracy).toBeGreaterThan(0.95);
  expect(ece).toBeLessThan(0.05);
});
