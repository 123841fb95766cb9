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

const modelTypes: Readonly<Record<string, string>> = {
  vgg: 'VGG16',
  resnet: 'ResNet56V2',
  densenet: 'DenseNetBC',
};

/** A network's name in print, as the paper's files write it. */
export function modelTitle(name: string): string {
  return modelTypes[name] ?? name;
}
