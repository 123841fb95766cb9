/** Why work is stopped that another process has taken over: what it works on is to be left as it is. */
export class Abandoned extends Error {
  override readonly name = 'Abandoned';
}

/** Why a worker gives a trial back that this machine hasn't got what it needs for; the message says what that is. */
export class Lacking extends Abandoned {}

/** The message of anything that was thrown, in one line. */
export function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n')[0] as string;
}
