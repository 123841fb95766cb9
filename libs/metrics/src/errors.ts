/** A metric that was asked for with input it is not defined on; the message names the input and says what to do. */
export class MetricsError extends Error {
  override readonly name = 'MetricsError';
}
