import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadClassifier } from '@label-relaxation/classifier';
import { dataOfRun, exportRun } from '@label-relaxation/experiments';
import type { Workshop } from './workshop';

/** Probabilities and labels of the test part by each run's model, as CSV files. */
export async function predictionFiles(workshop: Workshop): Promise<string[]> {
  const { trackingUri } = await workshop.client();
  const files: string[] = [];
  for (const { run_id, title } of await workshop.runs()) {
    const to = join(workshop.folder, 'models', run_id);
    await rm(to, { recursive: true, force: true });
    await exportRun(run_id, { to, format: 'onnx', trackingUri });
    const classifier = await loadClassifier(to);
    const { dataset, scoredIndices } = await dataOfRun(run_id, { trackingUri });
    const inputs = await dataset.read(scoredIndices);
    const size = inputs.length / scoredIndices.length;
    const examples = Array.from(scoredIndices, (_, i) => inputs.subarray(i * size, (i + 1) * size));
    const predictions = await classifier.predictBatch(examples);
    const rows = predictions.map(({ probabilities }, i) =>
      [...probabilities, dataset.labels[scoredIndices[i]!]].join(','),
    );
    await dataset.close();
    await classifier.dispose();
    const file = join(workshop.folder, `${title.toLowerCase().replaceAll(' ', '-')}.csv`);
    await writeFile(file, [[...classifier.classNames, 'label'].join(','), ...rows, ''].join('\n'));
    files.push(file);
  }
  return files;
}
