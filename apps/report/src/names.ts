import { modelTypes } from '@label-relaxation/experiments';

const datasetTitles: Readonly<Record<string, string>> = {
  mnist: 'MNIST',
  fashion_mnist: 'Fashion-MNIST',
  cifar10: 'CIFAR-10',
  cifar100: 'CIFAR-100',
};

/** A data set's name in print. */
export function datasetTitle(name: string): string {
  return datasetTitles[name] ?? name;
}

const modelTitles: Readonly<Record<string, string>> = modelTypes;

/** A network's name in print, as the paper's files write it. */
export function modelTitle(name: string): string {
  return modelTitles[name] ?? name;
}
