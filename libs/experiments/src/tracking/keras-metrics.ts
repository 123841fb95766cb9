import type { EpochLog } from '@label-relaxation/training';

/** An epoch's figures under Keras's names. */
export function kerasMetrics(log: EpochLog): Record<string, number> {
  const { loss, accuracy, validationLoss, validationAccuracy } = log;
  if (validationLoss === null || validationAccuracy === null) return { loss, accuracy };
  return { loss, accuracy, val_loss: validationLoss, val_accuracy: validationAccuracy };
}
