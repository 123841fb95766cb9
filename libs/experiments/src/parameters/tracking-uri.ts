import { normaliseTrackingUri } from '@label-relaxation/tracking';
import { UsageError } from '../errors';

/** Throws a UsageError unless the text is an address that a tracking server can have. */
export function checkTrackingUri(uri: string): void {
  try {
    normaliseTrackingUri(uri);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
