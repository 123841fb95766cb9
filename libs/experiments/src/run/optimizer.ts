/** What the study's SGD is set to for every network, loss and data set. */
export const optimizerSettings = { momentum: 0.9, nesterov: true } as const;
