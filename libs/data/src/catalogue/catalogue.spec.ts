import type { DatasetName } from './catalogue';
import { datasetNames, specOf } from './catalogue';

describe('the catalogue', () => {
  it.each([
    ['mnist', 10, 1 / 7],
    ['fashion_mnist', 10, 1 / 7],
    ['cifar10', 10, 1 / 6],
    ['cifar100', 100, 1 / 6],
  ] as const)('knows %s', (name, classes, testShare) => {
    const spec = specOf(name);
    expect(spec.name).toBe(name);
    expect(new Set(spec.classNames).size).toBe(classes);
    expect(spec.testShare).toBe(testShare);
    expect(spec.address).toMatch(/^https?:.*\/$/);
    expect(datasetNames).toContain(name);
  });

  it("has CIFAR-100's names in their order, which is the alphabet's", () => {
    const { classNames } = specOf('cifar100');
    expect(classNames.toSorted()).toEqual(classNames);
  });

  it('says which datasets there are for any other name', () => {
    expect(() => specOf('imagenet' as DatasetName)).toThrow(
      'There is no dataset "imagenet": choose one of mnist, fashion_mnist, cifar10, cifar100.',
    );
  });
});
