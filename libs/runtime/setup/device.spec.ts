import { chooseDevice } from './device.cjs';

const without = { platform: 'linux-x64', isSetUp: false, hasDriver: () => false };
const withDriver = { ...without, hasDriver: () => true };
const setUp = { ...without, isSetUp: true };
const mac = { ...withDriver, platform: 'darwin-arm64' };

it.each([
  ['the processor by default', undefined, withDriver, 'cpu'],
  ['the processor where the variable is empty', '', withDriver, 'cpu'],
  ['a GPU once that is set up', undefined, setUp, 'gpu'],
  ['the processor even then where it is asked for', 'cpu', setUp, 'cpu'],
  ['a GPU where there is a driver', 'gpu', withDriver, 'gpu'],
  ['a GPU that was set up with a driver or by force', 'gpu', setUp, 'gpu'],
  ['a GPU by force', 'force-gpu', without, 'gpu'],
])('is %s', (_, wanted, machine, device) => {
  expect(chooseDevice(wanted, machine)).toEqual({ device, fallback: null });
});

it('falls back on the processor, and says why in one line', () => {
  expect(chooseDevice('gpu', without)).toEqual({
    device: 'cpu',
    fallback:
      'There is no NVIDIA driver here: TensorFlow for the processor is taken (LABEL_RELAXATION_DEVICE=force-gpu takes that for a GPU).',
  });
  expect(chooseDevice('gpu', mac)).toEqual({
    device: 'cpu',
    fallback: 'TensorFlow for a GPU is not available for darwin-arm64: the processor is taken.',
  });
});

it('refuses what there is not', () => {
  expect(() => chooseDevice('tpu', without)).toThrow(
    'LABEL_RELAXATION_DEVICE is "tpu": give cpu, gpu or force-gpu',
  );
  expect(() => chooseDevice('force-gpu', mac)).toThrow(
    'TensorFlow for a GPU is not available for darwin-arm64: give cpu as LABEL_RELAXATION_DEVICE',
  );
});
