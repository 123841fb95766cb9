/** A calibrator or a prediction set that cannot be fitted or used as asked; the message says why and what to do. */
export class CalibrationError extends Error {
  override readonly name = 'CalibrationError';
}
