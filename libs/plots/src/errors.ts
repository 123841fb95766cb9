/** A chart that cannot be drawn of what is given; the message says what is wrong with which value. */
export class PlotsError extends Error {
  override readonly name = 'PlotsError';
}
