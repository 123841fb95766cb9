import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { places } from '../../libs/runtime/setup/places.cjs';
import { whenLong } from './long';
import { checkoutPaths, root } from '../setup/paths.cjs';

/** 3.4 GB are fetched and 5.8 GB unpacked: minutes, and more on a slow disk. */
whenLong(it)(
  'TensorFlow for a GPU is set up, has the kernels that are known of it, and trains on the processor',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'label-relaxation-gpu-'));
    try {
      const env = {
        ...process.env,
        LABEL_RELAXATION_CACHE: join(folder, 'cache'),
        LABEL_RELAXATION_DEVICE: 'force-gpu',
        CUDA_VISIBLE_DEVICES: '',
        NO_COLOR: '1',
      };
      const run = (file: string, ...args: string[]): string => {
        const { status, stdout, stderr } = spawnSync(file, args, { cwd: folder, encoding: 'utf8', env });
        expect({ status, stderr }).toEqual({ status: 0, stderr: expect.any(String) });
        return stdout;
      };
      run(process.execPath, join(root, 'libs/runtime/setup/cli.cjs'), 'setup');

      const fixture = join(root, 'tools/fixtures/runtime/gpu_kernels');
      const written = join(folder, 'kernels.json');
      run(checkoutPaths().python, `${fixture}.py`, join(places(env).library, 'lib'), written);
      expect(readFileSync(written, 'utf8')).toBe(readFileSync(`${fixture}.json`, 'utf8'));

      const stdout = run(
        process.execPath,
        ...['-C', '@label-relaxation/source', '-r', join(root, 'tools/setup/app.cjs')],
        ...[join(root, 'apps/study/src/main.ts'), '--load_ext_params', '--test_run', '--seed', '42'],
        ...['--model_name', 'simple_dense', '--dataset_name', 'mnist', '--loss_name', 'lr', '--paper_alpha'],
        ...['--epochs', '1', '--offline', '--json'],
      );
      const result = JSON.parse(stdout.trimEnd().split('\n').at(-1)!) as { accuracy: number };
      expect(result.accuracy).toBeGreaterThan(0.9);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
  2 * 60 * 60_000,
);
