import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

jest.setTimeout(60_000);

const root = join(__dirname, '../../..');
const words = ['-C', '@label-relaxation/source', '-r', join(root, 'tools/setup/typescript.cjs')];

/** What a program prints that computes with TensorFlow and goes on, at a level of TensorFlow's logging. */
function printed(level?: string, more = ''): { stdout: string; stderr: string } {
  const program = `
    const { tf } = require(${JSON.stringify(join(__dirname, 'index.ts'))});
    console.log(tf.add(1, 2).dataSync()[0]);
    ${more}`;
  const { stdout, stderr } = spawnSync(process.execPath, [...words, '-e', program], {
    encoding: 'utf8',
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: level },
  });
  return { stdout, stderr };
}

const onLinux = process.platform === 'linux' && process.arch === 'x64' ? it : it.skip;

onLinux('TensorFlow says nothing unasked, from the loading of its library on', () => {
  expect(printed()).toEqual({ stdout: '3\n', stderr: '' });
});

it('TensorFlow tells of itself where TF_CPP_MIN_LOG_LEVEL asks for it', () => {
  expect(printed('0').stderr).toContain('oneDNN custom operations are on');
});

it('native modules of others that are loaded later stay whole', () => {
  const compile = `console.log(require('@swc/core').transformSync('let a: number = 1', { jsc: { parser: { syntax: 'typescript' } } }).code);`;
  expect(printed(undefined, compile).stdout).toMatch(/^3\n(let|var) a = 1;\n/);
});
