import type { EpochLog } from '@label-relaxation/training';

/** An epoch's figures under Keras's names, with further ones under their own. */
export function kerasMetrics(log: EpochLog): Record<string, number> {
  const { loss, accuracy, validationLoss, validationAccuracy, figures } = log;
  if (validationLoss === null || validationAccuracy === null) return { loss, accuracy, ...figures };
  return { loss, accuracy, val_loss: validationLoss, val_accuracy: validationAccuracy, ...figures };
}
