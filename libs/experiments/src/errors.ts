/** An error whose message is one line for a terminal, whatever names and texts of others it quotes. */
class OneLineError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message.replace(/[\u0000-\u001f\u007f-\u009f]+/gu, ' '), options);
  }
}

/** A mistake in what the user asked for: its message is one complete line, and commands exit with code 2. */
export class UsageError extends OneLineError {
  override readonly name = 'UsageError';
}

/** A run that began and could not be finished: its message is one complete line, and commands exit with code 1. */
export class RunError extends OneLineError {
  override readonly name = 'RunError';
}

/**
 * What a run needs and this machine lacks, or has with other contents than the run is to use: another machine may have
 * it.
 */
export class MissingInput extends RunError {}
