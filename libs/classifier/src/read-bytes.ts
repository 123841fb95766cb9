import { ClassifierError } from './errors';

/** The model's file in a folder. */
const modelFile = 'model.onnx';

/** Bytes of a model, given as such or by the file, folder or address that has them. */
export async function readBytes(source: string | URL | Uint8Array): Promise<Uint8Array> {
  if (source instanceof Uint8Array) return source;
  const place = String(source);
  const isAddress = /^(https?|blob|data):/.test(place) || typeof process === 'undefined';
  return isAddress ? download(place) : readFile(source);
}

async function download(address: string): Promise<Uint8Array> {
  const file =
    /^(blob|data):/.test(address) || /\.onnx([?#]|$)/.test(address)
      ? address
      : `${address.replace(/\/$/, '')}/${modelFile}`;
  let response: Response;
  try {
    response = await fetch(file);
  } catch (error) {
    const { cause, message } = error as Error;
    const reason = (cause as Error | undefined)?.message || message;
    throw new ClassifierError(`${file} cannot be reached: ${reason}.`);
  }
  if (!response.ok) throw new ClassifierError(`${file}: the server answers ${response.status}, not a model.`);
  return new Uint8Array(await response.arrayBuffer());
}

async function readFile(source: string | URL): Promise<Uint8Array> {
  // Not an import, so that no bundler for browsers stumbles over it.
  const fs = process.getBuiltinModule('node:fs/promises');
  const url = process.getBuiltinModule('node:url');
  const path = process.getBuiltinModule('node:path');
  const place = /^file:/.test(String(source)) ? url.fileURLToPath(source) : String(source);
  try {
    const isFolder = (await fs.stat(place)).isDirectory();
    const file = isFolder ? path.join(place, modelFile) : place;
    return new Uint8Array(await fs.readFile(file));
  } catch (error) {
    const { code, path: file = place } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT')
      throw new ClassifierError(`${file}: there is no such file; export a run's model into that folder.`);
    throw new ClassifierError(`${file} cannot be read: ${(error as Error).message}.`);
  }
}
