/** A report that cannot be made from what is there; the command ends with exit code 1. */
export class ReportError extends Error {
  override readonly name = 'ReportError';
}
