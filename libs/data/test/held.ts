import type { Dataset, InputShape, Inputs } from '../src/dataset';
import { heldDataset } from '../src/storage/held-dataset';

/** A dataset of these inputs, whatever its labels. */
export function held(inputs: Inputs, shape: InputShape, scale = 1): Dataset {
  const size = inputs.length / shape.reduce<number>((product, side) => product * side, 1);
  return heldDataset(
    {
      name: 'held',
      shape,
      dtype: inputs instanceof Uint8Array ? 'uint8' : 'float32',
      scale,
      labels: Uint8Array.from({ length: size }, (_, i) => i % 2),
      targets: null,
      classNames: ['even', 'odd'],
      parts: { train: size, validation: 0, test: 0 },
      testShare: 0.2,
      source: 'a test',
    },
    inputs,
  );
}
