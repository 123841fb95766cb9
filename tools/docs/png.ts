import sharp from 'sharp';
import { DocsError } from './errors';

/** A picture of more bytes makes a page of the docs slow. */
const mostBytes = 150_000;

/** A screenshot in the few colours that it has, so that it is small. */
export async function smallPng(name: string, screenshot: Uint8Array): Promise<Buffer> {
  const png = await sharp(screenshot).png({ palette: true, effort: 10 }).toBuffer();
  if (png.length > mostBytes)
    throw new DocsError(
      `${name} would have ${png.length} bytes, at most ${mostBytes} are wanted: show less.`,
    );
  return png;
}
