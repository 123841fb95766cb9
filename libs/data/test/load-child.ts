import { loadDataset } from '../src/load';

/** Loads a dataset in a process of its own and says its digest, and whether it decoded images. */
async function main([path, cacheDir]: readonly string[]): Promise<void> {
  let did = 'found';
  const dataset = await loadDataset(path!, { cacheDir: cacheDir!, onStage: () => (did = 'decoded') });
  console.log(await dataset.digest(), did);
}

void main(process.argv.slice(2));
