import { passesOff, SettingError } from '@label-relaxation/runtime';
import { UsageError } from '../errors';

/** Throws a UsageError where LABEL_RELAXATION_PASSES_OFF names no pass of the compiler. */
export function checkPasses(): void {
  try {
    passesOff();
  } catch (error) {
    throw error instanceof SettingError ? new UsageError(error.message) : error;
  }
}
