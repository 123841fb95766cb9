import { zipSync } from 'fflate';
import { npy } from '../../../tools/test/npy';

export { npy };

/** An `.npz` file of these arrays, which `npy` made. */
export function npz(arrays: Readonly<Record<string, Uint8Array>>): Uint8Array {
  return zipSync(Object.fromEntries(Object.entries(arrays).map(([name, bytes]) => [`${name}.npy`, bytes])));
}
