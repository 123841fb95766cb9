/** An error of the runtime, with a message that is complete for a user. */
export class RuntimeError extends Error {
  override readonly name: string = 'RuntimeError';
}
