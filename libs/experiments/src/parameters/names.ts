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

/** Losses by their canonical names: short name, MLflow's `loss_type`, and the example alpha of targets and `npm start`. */
export const lossTypes = {
  label_relaxation: { short: 'lr', type: 'LabelRelaxation', exampleAlpha: 0.1 },
  cross_entropy: { short: 'ce', type: 'CategoricalCrossentropy', exampleAlpha: 0 },
  focal: { short: 'focal', type: 'FocalLoss', exampleAlpha: 2 },
  confidence_penalty: { short: 'conf_pen', type: 'ConfidencePenalty', exampleAlpha: 0.1 },
} as const;

/** The values of alpha that the paper's search tries, by loss. */
export const alphaGrids = {
  label_relaxation: [0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.4],
  cross_entropy: [0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.4],
  focal: [0.1, 0.2, 0.5, 1, 2, 3.5, 5],
  confidence_penalty: [0.1, 0.3, 0.5, 1, 2, 4, 8],
} as const;
