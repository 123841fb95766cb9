/** What a user of the tool can put right; the message is one complete line. */
export class DocsError extends Error {
  override readonly name = 'DocsError';
}
