/** An error of the training library, with a message that is complete for a user. */
export class TrainingError extends Error {
  override readonly name = 'TrainingError';
}
