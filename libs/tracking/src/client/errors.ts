/** What an error says about the request that met it. */
export interface MlflowErrorDetails {
  /** HTTP status of the answer; undefined when there was none. */
  status?: number;
  /** MLflow's `error_code`, such as `RESOURCE_DOES_NOT_EXIST`, or Node's, such as `ECONNREFUSED`. */
  code?: string;
  /** Whether the same request may succeed later. */
  retryable?: boolean;
  /** Whether the server may have carried the request out although no good answer came back. */
  ambiguous?: boolean;
  /** Milliseconds that the server asked to wait (`Retry-After`). */
  retryAfterMs?: number;
  cause?: unknown;
}

/** Every error of this library. The message is one line that is complete for a user. */
export class MlflowError extends Error {
  readonly status: number | undefined;
  readonly code: string | undefined;
  readonly retryable: boolean;
  readonly ambiguous: boolean;
  readonly retryAfterMs: number | undefined;

  constructor(message: string, details: MlflowErrorDetails = {}) {
    super(onOneLine(message), details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'MlflowError';
    this.status = details.status;
    this.code = details.code;
    this.retryable = details.retryable ?? false;
    this.ambiguous = details.ambiguous ?? false;
    this.retryAfterMs = details.retryAfterMs;
  }
}

/** A message on one line, whatever stands in what others gave for it. */
function onOneLine(message: string): string {
  return message.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ');
}

/** The message of anything that was thrown, on one line. */
export function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message || error.name : String(error);
  return firstLine(text);
}

/** Whether a text is HTML, as a person would be shown in a browser. */
export function isWebPage(text: string): boolean {
  return /^\s*<(!doctype|html|head|body|h\d|p|div|center)\b/i.test(text);
}

/** The first line of a text that says something, without HTML tags. */
export function firstLine(text: string): string {
  const plain = isWebPage(text)
    ? text.replace(/<(style|script)\b[\s\S]*?<\/\1>/gi, '').replace(/<[^>]*>/g, '\n')
    : text;
  const line = plain.split(/\r?\n/).find((candidate) => candidate.trim() !== '') ?? '';
  const trimmed = line.trim();
  return trimmed.length > 300 ? `${trimmed.slice(0, 300)}...` : trimmed;
}
