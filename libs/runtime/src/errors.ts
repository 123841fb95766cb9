/** An error of the runtime, with a message that is complete for a user. */
export class RuntimeError extends Error {
  override readonly name: string = 'RuntimeError';
}

/** A setting that a user gave and that cannot be taken, whatever is compiled. */
export class SettingError extends RuntimeError {
  override readonly name = 'SettingError';
}
