/** An epoch over a set that is larger than the memory for it, batch by batch: large-epoch.ts FOLDER BYTES */
import { join } from 'node:path';
import { batches, loadDataset } from '@label-relaxation/data';
import { forgetPeak, serve } from './protocol';

async function main([folder, bytes]: readonly string[]): Promise<void> {
  let epoch = 0;
  forgetPeak();
  await serve(async () => {
    const dataset = await loadDataset(folder!, { memory: Number(bytes), cacheDir: join(folder!, 'cache') });
    const all = Int32Array.from({ length: dataset.size }, (_, i) => i);
    let sum = 0;
    for (const batch of batches(all, 64, { seed: 0, epoch: epoch++ })) sum += (await dataset.read(batch))[0]!;
    await dataset.close();
    return sum;
  }, `Node ${process.versions.node}`);
}

void main(process.argv.slice(2));
