import type { GivenParameters } from '@label-relaxation/experiments';
import { defaultParallel } from './resources';
import { resolveStudy } from '../study/study';

const gigabyte = 2 ** 30;
const study = (given: GivenParameters) =>
  resolveStudy({ dataset_name: 'cifar10', alphas: [0.1, 0.2, 0.3], ...given });

describe('defaultParallel', () => {
  it.each([
    ['a trial a core', 'simple_dense', { cores: 2, freeBytes: 64 * gigabyte }, 2],
    ['no more than there are trials', 'simple_dense', { cores: 16, freeBytes: 64 * gigabyte }, 3],
    ['no more than fit in the memory', 'densenet', { cores: 16, freeBytes: 8 * gigabyte }, 2],
    ['one at least', 'densenet', { cores: 1, freeBytes: gigabyte }, 1],
  ] as const)('is %s', (_, model_name, machine, parallel) => {
    expect(defaultParallel([study({ model_name })], machine)).toBe(parallel);
  });

  it('counts the trials of all studies, and looks at the largest network', () => {
    const studies = [study({ model_name: 'simple_dense' }), study({ model_name: 'densenet' })];
    expect(defaultParallel(studies, { cores: 16, freeBytes: 64 * gigabyte })).toBe(6);
    expect(defaultParallel(studies, { cores: 16, freeBytes: 8 * gigabyte })).toBe(2);
  });
});
