/**
 * One of the study's training steps, compiled or op by op: step.ts NETWORK PRECISION BATCH compiled|eager
 *
 * The step takes random batches from a small dataset; what it does to get there (gather, scale, subtract the mean) is
 * part of the time, though the peers have their one batch ready.
 */
import { createLoss } from '@label-relaxation/losses';
import { createModel } from '@label-relaxation/models';
import { tf } from '@label-relaxation/runtime';
import { createStep } from '@label-relaxation/training';
import { benchNetworks, type NetworkName } from '../networks';
import { serve } from './protocol';

const EXAMPLES = 1024;
const CLASSES = 10;

async function main(args: readonly string[]): Promise<void> {
  const name = args[0] as NetworkName;
  const precision = args[1] as 'float32' | 'bfloat16';
  const batchSize = Number(args[2]);
  const eager = args[3] === 'eager';

  const shape = benchNetworks[name].inputShape;
  const pixels = shape[0] * shape[1] * shape[2];
  let state = 1;
  const random = (below: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const warnings: string[] = [];
  const step = await createStep({
    network: createModel(name, { inputShape: shape, classes: CLASSES, seed: 0 }),
    loss: createLoss('cross_entropy', 0),
    optimizer: { momentum: 0.9, nesterov: true, decay: 1e-5, clipValue: 0 },
    data: {
      inputs: Uint8Array.from({ length: EXAMPLES * pixels }, () => random(256)),
      labels: Uint8Array.from({ length: EXAMPLES }, () => random(CLASSES)),
      shape,
      mean: new Float32Array(pixels).fill(0.5),
    },
    seed: 0,
    batchSize,
    eager,
    precision,
    onWarning: (message) => warnings.push(message),
  });
  if ((step.kind === 'eager') !== eager) throw new Error(warnings.join(' '));
  const { TF_Version } = (tf.backend() as unknown as { binding: { TF_Version: string } }).binding;
  await serve(
    () =>
      step.train(
        Int32Array.from({ length: batchSize }, () => random(EXAMPLES)),
        0.01,
      ),
    `TensorFlow ${TF_Version} in Node ${process.versions.node}`,
  );
}

main(process.argv.slice(2)).catch((error: Error) => {
  process.stderr.write(`${error.name}: ${error.message}\n`);
  process.exit(1);
});
