/** The losses in the order of the paper's tables, with their names in print and that of their parameter. */
export const losses = {
  cross_entropy: {
    title: 'Cross-entropy',
    parameter: 'α',
    aliases: ['ce', 'categoricalcrossentropy', 'crossentropy'],
  },
  confidence_penalty: {
    title: 'Confidence penalty',
    parameter: 'β',
    aliases: ['conf_pen', 'confidencepenalty'],
  },
  focal: { title: 'Focal loss', parameter: 'γ', aliases: ['focal_loss', 'focalloss'] },
  label_relaxation: { title: 'Label relaxation', parameter: 'α', aliases: ['lr', 'labelrelaxation'] },
} as const;

/** A loss by its canonical name. */
export type LossName = keyof typeof losses;

export const lossNames = Object.keys(losses) as LossName[];

/** The loss of a canonical name, a short one, or the name of the class that the original logs; undefined for any other. */
export function findLoss(text: string): LossName | undefined {
  const name = text.trim().toLowerCase();
  return lossNames.find(
    (loss) => loss === name || (losses[loss].aliases as readonly string[]).includes(name),
  );
}

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
