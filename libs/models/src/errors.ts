/** An error in how a network was asked for, with a message that is complete for a user. */
export class ModelError extends Error {
  override readonly name: string = 'ModelError';
}
