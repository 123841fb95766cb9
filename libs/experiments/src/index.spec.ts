import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

it('is loaded without TensorFlow, so that --threads is in time and --help at once', () => {
  const root = join(__dirname, '../../..');
  const program = `require(${JSON.stringify(join(__dirname, 'index.ts'))});
    console.log(Object.keys(require.cache).filter((file) => /tfjs-node|\\.node$/.test(file)).join());`;
  const words = ['-C', '@label-relaxation/source', '-r', join(root, 'tools/setup/typescript.cjs')];
  const options = { cwd: root, encoding: 'utf8' } as const;
  const { stdout, stderr } = spawnSync(process.execPath, [...words, '-e', program], options);
  expect({ stdout, stderr }).toEqual({ stdout: '\n', stderr: '' });
});
