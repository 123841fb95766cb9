import { DataError } from '../errors';

/** How much of a file's beginning tells whether it is a web page, and mostly its title. */
export const headLength = 2048;

/**
 * Refuses a file that begins as a web page does: a log-in, a proxy or a server that has moved give one in place of data.
 *
 * @throws DataError that says so, with the page's title if it is there.
 */
export function refuseWebPage(path: string, head: Uint8Array): void {
  const text = Buffer.from(head).toString('utf8');
  if (!/^\ufeff?\s*<(!doctype\s+html|html|head)\b/iu.test(text)) {
    return;
  }
  const title = /<title[^>]*>([^<]*)/iu.exec(text)?.[1]?.replace(/\s+/gu, ' ').trim();
  throw new DataError(
    `${path}: is a web page${title ? ` ("${title.slice(0, 80)}")` : ''} and no data; does a log-in or a proxy stand between? Get the file again.`,
  );
}
