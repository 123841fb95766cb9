import { fileChecksum } from '../src/catalogue/checksum';
import { download } from '../src/download/download';
import { DataError } from '../src/errors';

/** Downloads in a process of its own: address, destination and MD5 are its arguments. */
const [address, destination, md5] = process.argv.slice(2) as [string, string, string];

const verify = async (path: string) => {
  if ((await fileChecksum(path)) !== md5) {
    throw new DataError(`${path}: has other bytes`);
  }
};

download({ address, destination, verify }).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
