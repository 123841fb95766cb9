/** What is wrong with a dataset, its files or a split, in one line that names the input and what to do. */
export class DataError extends Error {
  override readonly name = 'DataError';

  /** Names of files and what they hold are quoted without line ends and other characters that control a terminal. */
  constructor(message: string, options?: ErrorOptions) {
    super(message.replace(/[\u0000-\u001f\u007f-\u009f]+/gu, ' '), options);
  }
}

/** The text of anything thrown; its code where it has no text. */
export function reasonOf(error: unknown): string {
  const message = (error as { message?: unknown } | null | undefined)?.message;
  return (typeof message === 'string' ? message : String(error)) || (codeOf(error) ?? 'no reason given');
}

/** The code of a system error (`ENOENT`, `Z_DATA_ERROR`, ...), if it has one. */
export function codeOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}
