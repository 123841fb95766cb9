/**
 * Predicts images, all of them in a step: predict.ts NETWORK MODEL COUNT runtime|onnxruntime. In place of the last word,
 * `write` writes the network as MODEL, an ONNX file, and ends.
 */
import { writeFileSync } from 'node:fs';
import { loadClassifier } from '@label-relaxation/classifier';
import { createLoss } from '@label-relaxation/losses';
import { createModel } from '@label-relaxation/models';
import { exportOnnx, savedNetwork } from '@label-relaxation/onnx';
import { tf } from '@label-relaxation/runtime';
import { createStep } from '@label-relaxation/training';
import { benchNetworks, type NetworkName } from '../networks';
import { serve } from './protocol';

const CLASSES = 10;

async function main([name, file, count, how]: readonly string[]): Promise<void> {
  const shape = benchNetworks[name as NetworkName].inputShape;
  const size = shape[0] * shape[1] * shape[2];
  const images = Uint8Array.from({ length: Number(count) * size }, (_, i) => (i * 2654435761) >>> 24);
  if (how === 'onnxruntime') {
    const classifier = await loadClassifier(file!);
    const examples = Array.from({ length: Number(count) }, (_, i) =>
      images.subarray(i * size, (i + 1) * size),
    );
    await serve(() => classifier.predictBatch(examples), `onnxruntime-node in Node ${process.versions.node}`);
    return;
  }
  const network = createModel(name as NetworkName, { inputShape: shape, classes: CLASSES, seed: 0 });
  if (how === 'write') {
    const normalisation = { scale: 1 / 255, mean: new Float32Array(size).fill(0.5) };
    writeFileSync(file!, exportOnnx(await savedNetwork(network.network), { normalisation }));
    return;
  }
  const step = await createStep({
    network,
    loss: createLoss('cross_entropy', 0),
    optimizer: { momentum: 0.9, nesterov: true, decay: 1e-5, clipValue: 0 },
    data: {
      inputs: images,
      labels: new Uint8Array(Number(count)),
      shape,
      mean: new Float32Array(size).fill(0.5),
    },
    seed: 0,
    batchSize: 64,
  });
  const all = Int32Array.from({ length: Number(count) }, (_, i) => i);
  const { TF_Version } = (tf.backend() as unknown as { binding: { TF_Version: string } }).binding;
  await serve(() => step.logits(all), `TensorFlow ${TF_Version}`);
}

main(process.argv.slice(2)).catch((error: Error) => {
  process.stderr.write(`${error.name}: ${error.message}\n`);
  process.exit(1);
});
