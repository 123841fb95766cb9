/** The networks by the names of the command line, with the names that the paper's files and MLflow runs use. */
export const modelTypes = {
  simple_dense: 'simple_dense',
  vgg: 'VGG16',
  resnet: 'ResNet56V2',
  densenet: 'DenseNetBC',
} as const;

/** A network's name on the command line. */
export type ModelFlag = keyof typeof modelTypes;

/** A network's name in hyper-parameter files and MLflow params. */
export type ModelType = (typeof modelTypes)[ModelFlag];
