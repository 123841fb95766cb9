/** A mistake in what the user asked for: its message is one complete line, and commands exit with code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** A run that began and could not be finished: its message is one complete line, and commands exit with code 1. */
export class RunError extends Error {
  override readonly name = 'RunError';
}

/**
 * What a run needs and this machine lacks, or has with other contents than the run is to use: another machine may have
 * it.
 */
export class MissingInput extends RunError {}
