import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LayerTimes } from '@label-relaxation/runtime';
import { resolveParameters } from '../parameters/hyperparameters';
import type { GivenParameters } from '../parameters/parameters';
import type { RunEvent } from './events';
import { type Machine, withPrecision } from './precision';

const folder = mkdtempSync(join(tmpdir(), 'precision-'));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;

/** A processor that takes so long, and how often it was timed. */
function machineOf(times: LayerTimes, hasKernels = true): Machine & { timed: number } {
  const machine = {
    ...{ hasKernels, timed: 0, file: join(folder, `new-${files++}`, 'times.json') },
    time: async () => {
      machine.timed++;
      return times;
    },
  };
  return machine;
}

async function settle(given: GivenParameters, machine: Machine) {
  const warnings: string[] = [];
  const onEvent = (event: RunEvent) => void (event.type === 'warning' && warnings.push(event.message));
  const { parameters } = resolveParameters({ model_name: 'simple_dense', dataset_name: 'mnist', ...given });
  return { precision: (await withPrecision(parameters, { onEvent }, machine)).precision, warnings };
}

const [faster, slower] = [
  { float32: 10, bfloat16: 6 },
  { float32: 10, bfloat16: 13 },
];
const fast = { dense: faster, convolution: slower };
const slow = { dense: slower, convolution: faster };

it('auto is the faster format, timed once', async () => {
  const machine = machineOf(fast);
  expect(await settle({ precision: 'auto' }, machine)).toEqual({ precision: 'bfloat16', warnings: [] });
  expect(await settle({ precision: 'auto' }, machine)).toEqual({ precision: 'bfloat16', warnings: [] });
  expect(machine.timed).toBe(1);
  expect(await settle({ precision: 'auto' }, machineOf(slow))).toEqual({
    precision: 'float32',
    warnings: [],
  });
});

it('bfloat16 that is slower is told in a line, and taken all the same', async () => {
  const { precision, warnings } = await settle({ precision: 'bfloat16' }, machineOf(slow));
  expect([precision, warnings]).toEqual([
    'bfloat16',
    [
      'bfloat16 is slower than float32 on this processor (dense layers take 1.30 of the time): give ' +
        '--precision float32, or auto',
    ],
  ]);
  expect((await settle({ precision: 'bfloat16' }, machineOf(fast))).warnings).toEqual([]);
});

it('asks of the layers that the network has', async () => {
  const image = { dataset_name: 'cifar10', model_name: 'vgg' } as const;
  expect((await settle({ ...image, precision: 'auto' }, machineOf(slow))).precision).toBe('bfloat16');
  expect((await settle({ ...image, precision: 'auto' }, machineOf(fast))).precision).toBe('float32');
  const own = { ...image, model_name: './network.mjs' };
  expect((await settle({ ...own, precision: 'auto' }, machineOf(fast))).precision).toBe('bfloat16');
  const { warnings } = await settle(
    { ...own, precision: 'bfloat16' },
    machineOf({ ...slow, convolution: slower }),
  );
  expect(warnings[0]).toContain('(dense layers and convolutions take 1.30 of the time)');
});

it('nothing is timed where nothing is to choose', async () => {
  const [lacking, having] = [machineOf(fast, false), machineOf(fast)];
  expect((await settle({ precision: 'auto' }, lacking)).precision).toBe('float32');
  expect((await settle({ precision: 'bfloat16' }, lacking)).precision).toBe('bfloat16');
  expect((await settle({ precision: 'float32' }, having)).precision).toBe('float32');
  expect((await settle({ precision: 'auto', eager: true }, having)).precision).toBe('float32');
  expect([lacking.timed, having.timed, existsSync(having.file)]).toEqual([0, 0, false]);
});

it('times that are damaged are taken again, and those that cannot be kept do no harm', async () => {
  const machine = machineOf(fast);
  await settle({ precision: 'auto' }, machine);
  writeFileSync(machine.file, '{"float32":');
  await settle({ precision: 'auto' }, machine);
  expect([machine.timed, JSON.parse(readFileSync(machine.file, 'utf8'))]).toEqual([2, fast]);
  const nowhere = { ...machineOf(fast), file: join(machine.file, 'below a file', 'times.json') };
  expect((await settle({ precision: 'auto' }, nowhere)).precision).toBe('bfloat16');
});
