import { MlflowError } from './errors';

/**
 * Milliseconds to wait before try number `attempt` + 1 (attempts count from 1): doubling from `baseMs` up to `maxMs`,
 * plus up to half of it at random so that many clients do not come back at the same moment.
 */
export function backoffDelay(
  attempt: number,
  { baseMs = 1000, maxMs = 60_000, random = Math.random } = {},
): number {
  const wait = Math.min(maxMs, baseMs * 2 ** (attempt - 1));
  return wait + random() * 0.5 * wait;
}

/** The longest wait of a timer, in milliseconds: a longer one would be none. */
const LONGEST_WAIT = 2 ** 31 - 1;

/** Milliseconds asked for by a `Retry-After` header, given in seconds or as an HTTP date; undefined if it is neither. */
export function parseRetryAfter(header: unknown, now = Date.now()): number | undefined {
  if (typeof header !== 'string') return undefined;
  const text = header.trim();
  if (/^\d+(\.\d+)?$/.test(text)) return Math.min(Number(text) * 1000, LONGEST_WAIT);
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.min(Math.max(0, date - now), LONGEST_WAIT);
}

/** Waits; rejects with the signal's reason as soon as it is aborted. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(abortError(signal));
      return;
    }
    const onAbort = () => {
      clearTimeout(timer);
      reject(abortError(signal));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

/** The error that an aborted signal stands for. */
export function abortError(signal: AbortSignal | undefined): Error {
  const reason: unknown = signal?.reason;
  return reason instanceof Error ? reason : new MlflowError('The request was aborted.', { code: 'ABORTED' });
}
