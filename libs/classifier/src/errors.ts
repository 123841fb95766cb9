/** A model that cannot be loaded, or a picture that doesn't fit it; the message says what and what to do. */
export class ClassifierError extends Error {
  override readonly name = 'ClassifierError';
}
