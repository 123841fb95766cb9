/** Under what the texts that this library writes stand in a model's metadata; their values are JSON. */
export const metadataKeys = {
  classNames: 'class_names',
  calibrator: 'calibrator',
  conformal: 'conformal',
} as const;
