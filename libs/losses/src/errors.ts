/** An error in how a loss was asked for, with a message that is complete for a user. */
export class LossError extends Error {
  override readonly name: string = 'LossError';
}
